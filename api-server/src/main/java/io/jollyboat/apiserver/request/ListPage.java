package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.cache.Entry;
import java.util.List;

/**
 * A list or a part of one.
 *
 * @param revision the list's resourceVersion
 * @param continueToken empty when nothing follows
 * @param remaining how many follow, -1 when that is not known
 */
public record ListPage(List<Entry> entries, long revision, String continueToken, long remaining) {}

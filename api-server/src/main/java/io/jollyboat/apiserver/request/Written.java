package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.cache.Entry;

/**
 * The outcome of a write.
 *
 * @param object in the version of the request, with its resourceVersion
 * @param entry the same as it is stored; null after a dry run, and for what is not stored
 * @param created false when something that was there has changed
 */
public record Written(Message object, Entry entry, boolean created) {}

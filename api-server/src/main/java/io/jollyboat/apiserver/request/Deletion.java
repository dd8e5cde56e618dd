package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;

/**
 * The outcome of a delete.
 *
 * @param object the last or the present state, with its resourceVersion
 * @param gone false while finalizers or a grace period keep it
 */
public record Deletion(Message object, boolean gone) {}

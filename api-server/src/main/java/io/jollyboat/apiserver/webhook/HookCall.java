package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;

/**
 * A webhook that is to be asked.
 *
 * @param as the resource that its rules mean: the request's, or an equivalent one
 * @param object in that resource's version; null for a deletion
 * @param old likewise; null where there was none
 */
record HookCall(Hook hook, ResourceType<?> as, Message object, Message old) {}

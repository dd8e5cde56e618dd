package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;

/** Something that can be posted but is not stored: a review, a token request. */
@FunctionalInterface
public interface VirtualResource {
    /** The answer; it is of the body's type, or a meta.v1 Status. */
    Message create(Call call, Target target, Message body);
}

package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;

/** Applies a patch to an object. */
@FunctionalInterface
public interface Patcher {
    /**
     * The patched object. Nothing but the patch decides: no defaults, no checks.
     *
     * @param call takes warnings of unknown and duplicate fields, or makes them fail
     * @param patch JSON
     */
    Message patch(Call call, Message object, String apiVersion, String kind, PatchKind form, byte[] patch);
}

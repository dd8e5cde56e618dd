package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.codec.Strictness;
import java.util.ArrayList;
import java.util.List;

/**
 * Who asks, and how a write is meant. Collects what the answer must warn of; used by one thread.
 *
 * @param fieldManager empty where the client named none
 */
public record Call(
        UserInfo user, boolean dryRun, Strictness fieldValidation, String fieldManager, List<String> warnings) {
    public Call(UserInfo user) {
        this(user, false, Strictness.WARN, "", new ArrayList<>());
    }

    public void warn(String text) {
        if (!warnings.contains(text)) {
            warnings.add(text);
        }
    }
}

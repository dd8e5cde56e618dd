package io.jollyboat.apiserver.auth;

import java.util.List;
import java.util.Map;

/** An authenticated user, as upstream's {@code user.Info}. */
public record UserInfo(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final UserInfo ANONYMOUS =
            new UserInfo("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

    public UserInfo(String name, List<String> groups) {
        this(name, "", groups, Map.of());
    }
}

package io.jollyboat.apiserver.auth;

import java.util.List;
import java.util.Map;

/**
 * Whose a request is, and what is to be told of his credentials.
 *
 * @param warnings for the client
 * @param notes for the audit log
 */
public record Authenticated(UserInfo user, List<String> warnings, Map<String, String> notes) {
    public Authenticated(UserInfo user) {
        this(user, List.of(), Map.of());
    }
}

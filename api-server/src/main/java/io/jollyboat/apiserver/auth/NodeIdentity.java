package io.jollyboat.apiserver.auth;

import java.util.Optional;

/** Which node a user is, if any. */
public final class NodeIdentity {
    private static final String USER_PREFIX = "system:node:";

    private NodeIdentity() {}

    /** The node's name, which may be empty for a user that claims to be a node but does not say which; empty for others. */
    public static Optional<String> of(UserInfo user) {
        return user.name().startsWith(USER_PREFIX) && user.groups().contains(Groups.NODES)
                ? Optional.of(user.name().substring(USER_PREFIX.length()))
                : Optional.empty();
    }
}

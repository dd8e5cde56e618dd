package io.jollyboat.apiserver.auth;

import java.util.Optional;

/** Turns credentials into a user. Thread-safe; called for every request, so implementations cache. */
@FunctionalInterface
public interface Authenticator {
    /** Empty when the credentials are not of this kind; ApiException 401 when they are, and do not hold. */
    Optional<UserInfo> authenticate(Credentials credentials);
}

package io.jollyboat.apiserver.auth;

/** Says who sends a request. What both doors ask first. */
@FunctionalInterface
public interface RequestAuthenticator {
    /**
     * @param path of the request; empty at the gRPC door
     * @return the user, with the group {@code system:authenticated}; {@link UserInfo#ANONYMOUS} for
     *     who brings no credentials, where that is allowed
     * @throws io.jollyboat.errors.ApiException 401
     */
    Authenticated authenticate(Credentials credentials, String path);
}

package io.jollyboat.apiserver.authn;

/** Extra keys of a user that upstream gives a meaning to. */
final class CredentialIds {
    static final String EXTRA_KEY = "authentication.kubernetes.io/credential-id";
    static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    static final String POD_UID = "authentication.kubernetes.io/pod-uid";
    static final String NODE_NAME = "authentication.kubernetes.io/node-name";
    static final String NODE_UID = "authentication.kubernetes.io/node-uid";

    private CredentialIds() {}
}

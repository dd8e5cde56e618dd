package io.jollyboat.apiserver.auth;

/** The groups and user names that upstream gives a meaning to. */
public final class Groups {
    public static final String MASTERS = "system:masters";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final String NODES = "system:nodes";
    public static final String SERVICE_ACCOUNTS = "system:serviceaccounts";
    private static final String SERVICE_ACCOUNT_USER = "system:serviceaccount:";

    private Groups() {}

    /** The user name of a service account. */
    public static String serviceAccountUser(String namespace, String name) {
        return SERVICE_ACCOUNT_USER + namespace + ":" + name;
    }

    /** The group of a namespace's service accounts. */
    public static String serviceAccountsOf(String namespace) {
        return SERVICE_ACCOUNTS + ":" + namespace;
    }
}

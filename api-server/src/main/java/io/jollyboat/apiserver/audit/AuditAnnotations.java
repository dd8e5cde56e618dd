package io.jollyboat.apiserver.audit;

/** Where whoever looks at a request leaves notes for the audit log. */
@FunctionalInterface
public interface AuditAnnotations {
    /** For requests that are not logged. */
    AuditAnnotations NONE = (key, value) -> {};

    /**
     * The first value of a key stays, as upstream's; so what is tried again may say it again.
     *
     * @param key such as {@code pod-security.kubernetes.io/enforce-policy}
     */
    void add(String key, String value);
}

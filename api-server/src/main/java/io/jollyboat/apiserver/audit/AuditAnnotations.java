package io.jollyboat.apiserver.audit;

import java.util.function.Supplier;

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

    /** A note that shows parts of objects: only for requests whose objects are logged too. */
    default void addDetail(String key, Supplier<String> value) {}
}

package io.jollyboat.apiserver.auth;

/** Decides whether a request may go on. Thread-safe, answers from memory. */
@FunctionalInterface
public interface Authorizer {
    Decision authorize(RequestAttributes attributes);

    /** @param reason for the audit log and the 403's text, may be empty */
    record Decision(Verdict verdict, String reason) {
        public static final Decision NO_OPINION = new Decision(Verdict.NO_OPINION, "");
    }

    /** The first authorizer of a chain that has an opinion decides; no opinion at all means no. */
    enum Verdict {
        ALLOW,
        DENY,
        NO_OPINION
    }
}

package io.jollyboat.apiserver.auth;

/** Decides whether a request may go on. Thread-safe; answers from memory, unless another server is configured to decide. */
@FunctionalInterface
public interface Authorizer {
    Decision authorize(RequestAttributes attributes);

    /**
     * @param reason for the audit log and the 403's text, may be empty
     * @param error what kept an authorizer from deciding, may be empty; a request that is not allowed all the same is
     *     answered with 500
     */
    record Decision(Verdict verdict, String reason, String error) {
        public static final Decision NO_OPINION = new Decision(Verdict.NO_OPINION, "");

        public Decision(Verdict verdict, String reason) {
            this(verdict, reason, "");
        }
    }

    /** The first authorizer of a chain that has an opinion decides; no opinion at all means no. */
    enum Verdict {
        ALLOW,
        DENY,
        NO_OPINION
    }
}

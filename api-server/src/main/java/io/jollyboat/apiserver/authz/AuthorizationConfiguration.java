package io.jollyboat.apiserver.authz;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who is asked whether a request may go on, and in which order: the file of that kind, with upstream's keys. */
record AuthorizationConfiguration(
        Optional<String> apiVersion, Optional<String> kind, List<AuthorizerEntry> authorizers) {

    /** One authorizer. */
    record AuthorizerEntry(Optional<String> type, Optional<String> name, Optional<Webhook> webhook) {
        AuthorizerEntry {
            type = type.filter(text -> !text.isEmpty());
        }

        boolean isWebhook() {
            return type.orElse("").equals("Webhook");
        }
    }

    /** How a server is asked, and what holds when it cannot be. */
    record Webhook(
            Duration authorizedTTL,
            boolean cacheAuthorizedRequests,
            Duration unauthorizedTTL,
            boolean cacheUnauthorizedRequests,
            Duration timeout,
            String subjectAccessReviewVersion,
            String matchConditionSubjectAccessReviewVersion,
            String failurePolicy,
            ConnectionInfo connectionInfo,
            List<MatchCondition> matchConditions) {
        static Webhook defaults() {
            return new Webhook(
                    Duration.ofMinutes(5),
                    true,
                    Duration.ofSeconds(30),
                    true,
                    Duration.ZERO,
                    "",
                    "",
                    "",
                    new ConnectionInfo("", Optional.empty()),
                    List.of());
        }
    }

    /** Where it is. */
    record ConnectionInfo(String type, Optional<String> kubeConfigFile) {
        static ConnectionInfo defaults() {
            return new ConnectionInfo("", Optional.empty());
        }
    }

    /** What must be true of a request for the server to be asked. */
    record MatchCondition(String expression) {
        static MatchCondition defaults() {
            return new MatchCondition("");
        }
    }
}

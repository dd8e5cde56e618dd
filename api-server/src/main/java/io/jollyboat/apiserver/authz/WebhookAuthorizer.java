package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.authz.AuthorizationConfiguration.Webhook;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.remote.ExpiringCache;
import io.jollyboat.apiserver.remote.ReviewClient;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Asks another server by SubjectAccessReview, and keeps its answers a while. */
final class WebhookAuthorizer implements Authorizer {
    private static final Log LOG = Log.of(WebhookAuthorizer.class);
    private static final int KEPT = 8192;

    /** What a requester made longer than this is not kept: he might fill the memory with it. */
    private static final int LONGEST_KEPT = 10_000;

    private final String name;
    private final ReviewClient server;
    private final String apiVersion;
    private final Verdict onError;
    private final Duration authorizedTtl;
    private final Duration unauthorizedTtl;
    private final ReviewConditions conditions;
    private final ExpiringCache<String, Answer> answers;

    WebhookAuthorizer(String name, Webhook config, ReviewClient server, Runtime runtime) {
        this.name = name;
        this.server = server;
        this.apiVersion = "authorization.k8s.io/" + config.subjectAccessReviewVersion();
        this.onError = config.failurePolicy().equals("Deny") ? Verdict.DENY : Verdict.NO_OPINION;
        this.authorizedTtl = config.cacheAuthorizedRequests() ? config.authorizedTTL() : Duration.ZERO;
        this.unauthorizedTtl = config.cacheUnauthorizedRequests() ? config.unauthorizedTTL() : Duration.ZERO;
        this.conditions = ReviewConditions.of(config.matchConditions());
        this.answers = new ExpiringCache<>(KEPT, runtime);
    }

    private record Answer(boolean allowed, boolean denied, String reason) {}

    @Override
    public Decision authorize(RequestAttributes attributes) {
        if (!conditions.isEmpty()) {
            switch (conditions.evaluate(ReviewSpec.full(attributes))) {
                case ReviewConditions.Outcome.Failed failed -> {
                    return new Decision(onError, "", failed.error());
                }
                case ReviewConditions.Outcome.Differs differs -> {
                    return Decision.NO_OPINION;
                }
                case ReviewConditions.Outcome.Matches matches -> {
                    // Asks.
                }
            }
        }
        ObjectNode spec = ReviewSpec.of(attributes, apiVersion.endsWith("/v1beta1"));
        String key = spec.toString();
        Answer answer = answers.get(key);
        if (answer == null) {
            try {
                answer = ask(spec);
            } catch (CallException e) {
                LOG.error("the authorization webhook failed", "name", name, "reason", e.getMessage());
                return new Decision(onError, "", String.valueOf(e.getMessage()));
            }
            if (isKept(attributes)) {
                answers.put(key, answer, answer.allowed() ? authorizedTtl : unauthorizedTtl);
            }
        }
        if (answer.denied()) {
            String both = "webhook subject access review returned both allow and deny response";
            return new Decision(Verdict.DENY, answer.reason(), answer.allowed() ? both : "");
        }
        return new Decision(answer.allowed() ? Verdict.ALLOW : Verdict.NO_OPINION, answer.reason());
    }

    private Answer ask(ObjectNode spec) throws CallException {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "SubjectAccessReview").put("apiVersion", apiVersion);
        review.putObject("metadata");
        review.set("spec", spec);
        review.putObject("status").put("allowed", false);
        JsonNode status = server.post(review).path("status");
        return new Answer(
                status.path("allowed").asBoolean(false),
                status.path("denied").asBoolean(false),
                status.path("reason").asString(""));
    }

    private static boolean isKept(RequestAttributes attributes) {
        int length = attributes.namespace().length()
                + attributes.verb().length()
                + attributes.apiGroup().length()
                + attributes.apiVersion().length()
                + attributes.resource().length()
                + attributes.subresource().length()
                + attributes.name().length()
                + attributes.path().length();
        return length < LONGEST_KEPT;
    }
}

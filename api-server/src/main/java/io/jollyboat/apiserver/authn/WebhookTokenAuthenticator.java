package io.jollyboat.apiserver.authn;

import com.google.common.collect.Sets;
import io.jollyboat.api.authentication.v1.TokenReview;
import io.jollyboat.api.authentication.v1.TokenReviewSpec;
import io.jollyboat.api.authentication.v1.TokenReviewStatus;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.remote.ExpiringCache;
import io.jollyboat.apiserver.remote.ReviewClient;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks another server whose a token is. What it answered holds for a while, a yes and a no alike; what failed is asked
 * anew. Requests with the same token share one question.
 */
final class WebhookTokenAuthenticator implements TokenAuthenticator {
    private static final Log LOG = Log.of(WebhookTokenAuthenticator.class);
    private static final int KEPT = 32 * 1024;

    private final ReviewClient server;
    private final String apiVersion;
    private final List<String> ownAudiences;
    private final Duration ttl;
    private final ExpiringCache<String, Result> answers;
    private final Map<String, CompletableFuture<Result>> asking = new ConcurrentHashMap<>();

    /**
     * @param version of the reviews
     * @param ownAudiences of this server: who the other one says nothing else of is known for these
     */
    WebhookTokenAuthenticator(
            ReviewClient server, String version, List<String> ownAudiences, Duration ttl, Runtime runtime) {
        this.server = server;
        this.apiVersion = "authentication.k8s.io/" + version;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.ttl = ttl;
        this.answers = new ExpiringCache<>(KEPT, runtime);
    }

    /** @param kept whether it is an answer, not a failure */
    private record Asked(Result result, boolean kept) {}

    @Override
    public Result authenticate(String token, List<String> audiences) {
        String key = key(token, audiences);
        Result known = answers.get(key);
        if (known != null) {
            return known;
        }
        CompletableFuture<Result> mine = new CompletableFuture<>();
        CompletableFuture<Result> other = asking.putIfAbsent(key, mine);
        if (other != null) {
            return other.join();
        }
        Result result = new Result.Refused("authentication failed unexpectedly");
        try {
            known = answers.get(key);
            Asked asked = known != null ? new Asked(known, false) : ask(token, audiences);
            if (asked.kept()) {
                answers.put(key, asked.result(), ttl);
            }
            result = asked.result();
        } finally {
            asking.remove(key);
            mine.complete(result);
        }
        return result;
    }

    private Asked ask(String token, List<String> audiences) {
        TokenReview review = TokenReview.newBuilder()
                .setSpec(TokenReviewSpec.newBuilder().setToken(token).addAllAudiences(audiences))
                .build();
        TokenReviewStatus status;
        try {
            status = JsonCodec.decode(
                            server.post(JsonCodec.toTree(review, apiVersion, "TokenReview")),
                            TokenReview.getDefaultInstance(),
                            Strictness.IGNORE)
                    .message()
                    .getStatus();
        } catch (CallException | ApiException | IllegalArgumentException e) {
            LOG.error("a token cannot be reviewed by the webhook", "reason", e.getMessage());
            return new Asked(new Result.Refused(String.valueOf(e.getMessage())), false);
        }
        Set<String> theirs =
                Set.copyOf(status.getAudiencesCount() == 0 ? ownAudiences : List.copyOf(status.getAudiencesList()));
        List<String> common = List.copyOf(Sets.intersection(new java.util.LinkedHashSet<>(audiences), theirs));
        if (common.isEmpty()) {
            return new Asked(new Result.Refused(""), true);
        }
        if (!status.getAuthenticated()) {
            return new Asked(
                    new Result.Refused(status.getError()), status.getError().isEmpty());
        }
        return new Asked(new Result.Holds(user(status), common), true);
    }

    private static UserInfo user(TokenReviewStatus status) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        status.getUser().getExtraMap().forEach((key, values) -> extra.put(key, List.copyOf(values.getItemsList())));
        return new UserInfo(
                status.getUser().getUsername(),
                status.getUser().getUid(),
                List.copyOf(status.getUser().getGroupsList()),
                extra);
    }

    /** No tokens are kept, only what cannot be turned back into them. */
    private static String key(String token, List<String> audiences) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, token);
            audiences.forEach(audience -> update(digest, audience));
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }
}

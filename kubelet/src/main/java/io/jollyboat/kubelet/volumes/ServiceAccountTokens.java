package io.jollyboat.kubelet.volumes;

import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.core.v1.ServiceAccountTokenProjection;
import io.jollyboat.client.ApiClient;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens bound to pods, fetched from the API server and renewed after four fifths of their life, or a day. */
public final class ServiceAccountTokens {
    private static final ResourceType<ServiceAccount> ACCOUNTS = Kinds.of(ServiceAccount.class);
    private static final long DEFAULT_SECONDS = 3600;
    private static final Duration MAX_AGE = Duration.ofHours(24);

    private final ApiClient client;
    private final Runtime runtime;
    private final ConcurrentHashMap<Key, Token> tokens = new ConcurrentHashMap<>();

    private record Key(String podUid, String audience, long seconds) {}

    /** @param renewAt when the next one is due */
    record Token(String text, Instant renewAt, Instant expiresAt) {}

    public ServiceAccountTokens(ApiClient client, Runtime runtime) {
        this.client = client;
        this.runtime = runtime;
    }

    /** The present token, or a new one when it is due; an old one that still holds where none can be had. */
    Token token(Pod pod, ServiceAccountTokenProjection projection) {
        long seconds = projection.hasExpirationSeconds() ? projection.getExpirationSeconds() : DEFAULT_SECONDS;
        Key key = new Key(pod.getMetadata().getUid(), projection.getAudience(), seconds);
        Token known = tokens.get(key);
        Instant now = runtime.now();
        if (known != null && now.isBefore(known.renewAt())) {
            return known;
        }
        try {
            Token fresh = request(pod, key, now);
            tokens.put(key, fresh);
            return fresh;
        } catch (ApiException e) {
            if (known != null && now.isBefore(known.expiresAt())) {
                return new Token(known.text(), now.plusSeconds(10), known.expiresAt());
            }
            throw new VolumeException("failed to fetch token: " + e.getMessage());
        }
    }

    void forget(String podUid) {
        tokens.keySet().removeIf(key -> key.podUid().equals(podUid));
    }

    private Token request(Pod pod, Key key, Instant now) {
        TokenRequestSpec.Builder spec = TokenRequestSpec.newBuilder()
                .setExpirationSeconds(key.seconds())
                .setBoundObjectRef(BoundObjectReference.newBuilder()
                        .setKind("Pod")
                        .setApiVersion("v1")
                        .setName(pod.getMetadata().getName())
                        .setUID(key.podUid()));
        if (!key.audience().isEmpty()) {
            spec.addAudiences(key.audience());
        }
        String account = pod.getSpec().getServiceAccountName().isEmpty()
                ? "default"
                : pod.getSpec().getServiceAccountName();
        TokenRequest answer = client.createSubresource(
                ACCOUNTS,
                ObjectKey.of(pod.getMetadata().getNamespace(), account),
                "token",
                TokenRequest.newBuilder().setSpec(spec).build(),
                TokenRequest.getDefaultInstance());
        Instant expires = Times.instant(answer.getStatus().getExpirationTimestamp());
        Duration life = Duration.between(now, expires);
        Duration age = life.multipliedBy(4).dividedBy(5);
        return new Token(answer.getStatus().getToken(), now.plus(age.compareTo(MAX_AGE) < 0 ? age : MAX_AGE), expires);
    }
}

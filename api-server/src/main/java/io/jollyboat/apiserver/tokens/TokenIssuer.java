package io.jollyboat.apiserver.tokens;

import com.nimbusds.jose.JOSEException;
import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.authentication.v1.TokenRequestStatus;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.tokens.TokenClaims.Ref;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Answers the {@code token} subresource of service accounts. */
public final class TokenIssuer {
    private static final String GROUP = "authentication.k8s.io";
    private static final String KIND = "TokenRequest";
    private static final long DEFAULT_SECONDS = 3600;
    private static final long MIN_SECONDS = 600;
    private static final long MAX_SECONDS = 1L << 32;

    /** What kubelets ask for where the pod did not say: lives longer, but its late use is counted. */
    private static final long WARN_AFTER_SECONDS = 3607;

    private static final long EXTENDED_SECONDS = 365L * 24 * 3600;

    private static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS = Kinds.of(ServiceAccount.class);
    private static final ResourceType<Secret> SECRETS = Kinds.of(Secret.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);

    private final String issuer;
    private final List<String> ownAudiences;
    private final long capSeconds;
    private final TokenKeys keys;
    private final LiveObjects objects;
    private final Runtime runtime;

    /**
     * @param ownAudiences what a token is for when the request does not say
     * @param capSeconds longer requests are shortened to it; 0 for no cap
     */
    public TokenIssuer(
            String issuer,
            List<String> ownAudiences,
            long capSeconds,
            TokenKeys keys,
            LiveObjects objects,
            Runtime runtime) {
        this.issuer = issuer;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.capSeconds = capSeconds;
        this.keys = keys;
        this.objects = objects;
        this.runtime = runtime;
    }

    /**
     * Issues a token for the service account that the URL names.
     *
     * @param warnings receives texts for Warning headers
     * @return the request with its defaults and the token in the status
     */
    public TokenRequest issue(String namespace, String name, TokenRequest request, Consumer<String> warnings) {
        checkNames(namespace, name, request.getMetadata());
        ServiceAccount account = require(SERVICE_ACCOUNTS, ObjectKey.of(namespace, name));
        ObjectMeta accountMeta = account.getMetadata();
        String askedUid = request.getMetadata().getUid();
        if (!askedUid.isEmpty() && !askedUid.equals(accountMeta.getUid())) {
            throw ApiException.conflict(
                    GROUP,
                    KIND,
                    name,
                    "the UID in the token request (" + askedUid + ") does not match the UID of the service account ("
                            + accountMeta.getUid() + ")");
        }
        // What the status promises must not outlive the token.
        Instant now = Instant.ofEpochSecond(runtime.now().getEpochSecond());
        TokenRequestSpec.Builder spec = request.getSpec().toBuilder();
        if (spec.getAudiencesCount() == 0) {
            spec.addAllAudiences(ownAudiences);
        }
        if (!spec.hasExpirationSeconds()) {
            spec.setExpirationSeconds(DEFAULT_SECONDS);
        }
        validate(spec.getExpirationSeconds());
        Binding binding = spec.hasBoundObjectRef()
                ? bind(namespace, name, spec.getBoundObjectRef())
                : new Binding(null, null, null);
        if (capSeconds > 0 && spec.getExpirationSeconds() > capSeconds) {
            warnings.accept("requested expiration of " + spec.getExpirationSeconds() + " seconds shortened to "
                    + capSeconds + " seconds");
            spec.setExpirationSeconds(capSeconds);
        }
        long seconds = spec.getExpirationSeconds();
        boolean extend = binding.pod != null
                && seconds == WARN_AFTER_SECONDS
                && ownAudiences.containsAll(spec.getAudiencesList());
        TokenClaims claims = new TokenClaims(
                issuer,
                Groups.serviceAccountUser(namespace, name),
                UUID.randomUUID().toString(),
                List.copyOf(spec.getAudiencesList()),
                namespace,
                ref(accountMeta),
                binding.pod,
                binding.secret,
                binding.node,
                now,
                now,
                now.plusSeconds(extend ? EXTENDED_SECONDS : seconds),
                extend ? now.plusSeconds(seconds) : null);
        return TokenRequest.newBuilder()
                .setMetadata(request.getMetadata().toBuilder()
                        .setName(name)
                        .setNamespace(namespace)
                        .setUid(accountMeta.getUid())
                        .setCreationTimestamp(Time.newBuilder().setSeconds(now.getEpochSecond())))
                .setSpec(spec)
                .setStatus(TokenRequestStatus.newBuilder()
                        .setToken(sign(claims))
                        .setExpirationTimestamp(Time.newBuilder().setSeconds(now.getEpochSecond() + seconds)))
                .build();
    }

    private String sign(TokenClaims claims) {
        try {
            return keys.sign(claims.toJwt());
        } catch (JOSEException e) {
            throw ApiException.internal("failed to generate token: " + e.getMessage());
        }
    }

    private static void checkNames(String namespace, String name, ObjectMeta meta) {
        if (!meta.getName().isEmpty() && !meta.getName().equals(name)) {
            throw ApiException.invalid(
                    GROUP,
                    KIND,
                    name,
                    List.of(FieldError.invalid(
                            "metadata.name", meta.getName(), "must match the service account name if specified")));
        }
        if (!meta.getNamespace().isEmpty() && !meta.getNamespace().equals(namespace)) {
            throw ApiException.invalid(
                    GROUP,
                    KIND,
                    name,
                    List.of(FieldError.invalid(
                            "metadata.namespace",
                            meta.getNamespace(),
                            "must match the service account namespace if specified")));
        }
    }

    private static void validate(long seconds) {
        List<FieldError> errors = new ArrayList<>();
        if (seconds < MIN_SECONDS) {
            errors.add(FieldError.invalid(
                    "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"));
        }
        if (seconds > MAX_SECONDS) {
            errors.add(FieldError.invalid(
                    "spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"));
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(GROUP, KIND, "", errors);
        }
    }

    private Binding bind(String namespace, String account, BoundObjectReference bound) {
        String kind = bound.getApiVersion().contains("/") ? "" : bound.getKind();
        Binding binding = switch (kind) {
            case "Pod" -> bindPod(namespace, account, bound);
            case "Secret" ->
                new Binding(
                        null,
                        ref(require(SECRETS, ObjectKey.of(namespace, bound.getName()))
                                .getMetadata()),
                        null);
            case "Node" ->
                new Binding(
                        null,
                        null,
                        ref(require(NODES, ObjectKey.cluster(bound.getName())).getMetadata()));
            default -> throw ApiException.badRequest("cannot bind token to object of type " + typeText(bound));
        };
        Ref target = binding.pod != null ? binding.pod : binding.secret != null ? binding.secret : binding.node;
        if (!bound.getUID().isEmpty() && !bound.getUID().equals(target.uid())) {
            throw ApiException.conflict(
                    "",
                    bound.getKind(),
                    bound.getName(),
                    "the UID in the bound object reference (" + bound.getUID()
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        return binding;
    }

    private Binding bindPod(String namespace, String account, BoundObjectReference bound) {
        Pod pod = require(PODS, ObjectKey.of(namespace, bound.getName()));
        if (!pod.getSpec().getServiceAccountName().equals(account)) {
            throw ApiException.badRequest("cannot bind token for serviceaccount \"" + account
                    + "\" to pod running with different serviceaccount name.");
        }
        String nodeName = pod.getSpec().getNodeName();
        Ref node = null;
        if (!nodeName.isEmpty()) {
            Node present = objects.get(NODES, ObjectKey.cluster(nodeName));
            node = present == null ? new Ref(nodeName, "") : ref(present.getMetadata());
        }
        return new Binding(ref(pod.getMetadata()), null, node);
    }

    // As Go prints a GroupVersionKind.
    private static String typeText(BoundObjectReference bound) {
        String apiVersion = bound.getApiVersion();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = slash < 0 ? apiVersion : apiVersion.substring(slash + 1);
        return group + "/" + version + ", Kind=" + bound.getKind();
    }

    private <T extends com.google.protobuf.Message> T require(ResourceType<T> type, ObjectKey key) {
        T object = objects.get(type, key);
        if (object == null) {
            throw ApiException.notFound(type, key.name());
        }
        return object;
    }

    private static Ref ref(ObjectMeta meta) {
        return new Ref(meta.getName(), meta.getUid());
    }

    private record Binding(Ref pod, Ref secret, Ref node) {}
}

package io.jollyboat.apiserver.authn;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.tokens.CompactJwt;
import io.jollyboat.apiserver.tokens.TokenClaims;
import io.jollyboat.apiserver.tokens.TokenClaims.Ref;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verifies service-account tokens. The signature is checked once per token; time, and that the service account and what
 * the token is bound to still live, on every use.
 */
final class ServiceAccountTokenAuthenticator implements TokenAuthenticator {
    private static final int CACHE_LIMIT = 8192;
    /** Clocks may differ by this much, and deleted objects keep their tokens alive for as long. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    private static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS = Kinds.of(ServiceAccount.class);
    private static final ResourceType<Secret> SECRETS = Kinds.of(Secret.class);
    private static final ResourceType<Pod> PODS = Kinds.of(Pod.class);
    private static final ResourceType<Node> NODES = Kinds.of(Node.class);

    private final Set<String> issuers;
    private final List<String> ownAudiences;
    private final TokenKeys keys;
    private final ObjectLookup objects;
    private final LiveObjects live;
    private final TokenUses uses;
    private final Runtime runtime;
    private final Map<String, TokenClaims> verified = new ConcurrentHashMap<>();

    ServiceAccountTokenAuthenticator(
            Set<String> issuers,
            List<String> ownAudiences,
            TokenKeys keys,
            ObjectLookup objects,
            LiveObjects live,
            TokenUses uses,
            Runtime runtime) {
        this.uses = uses;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.issuers = Set.copyOf(issuers);
        this.keys = keys;
        this.objects = objects;
        this.live = live;
        this.runtime = runtime;
    }

    @Override
    public Result authenticate(String token, List<String> audiences) {
        try {
            TokenClaims claims = verified.get(token);
            if (claims == null) {
                claims = verify(token);
                if (claims == null) {
                    return new Result.Refused("");
                }
            }
            // One that names nobody is for the server itself.
            List<String> named = claims.audiences().isEmpty() ? ownAudiences : claims.audiences();
            List<String> common = named.stream().filter(audiences::contains).toList();
            if (common.isEmpty()) {
                throw new Unauthenticated("token audiences " + quoted(named) + " is invalid for the target audiences "
                        + quoted(audiences));
            }
            checkTime(claims, runtime.now());
            checkObjects(claims, runtime.now().minus(LEEWAY));
            remember(token, claims);
            return new Result.Holds(user(claims), common, List.of(), notes(claims));
        } catch (Unauthenticated e) {
            verified.remove(token);
            return new Result.Refused(e.getMessage());
        }
    }

    private void remember(String token, TokenClaims claims) {
        if (verified.size() >= CACHE_LIMIT) {
            verified.clear();
        }
        verified.put(token, claims);
    }

    /** Kubelets renew what lasts longer than it seems to; who does not read the new one is late. */
    private Map<String, String> notes(TokenClaims claims) {
        Map<String, String> notes = new HashMap<>();
        if (claims.audiences().isEmpty()) {
            uses.legacy();
            notes.put("authentication.k8s.io/legacy-token", claims.subject());
        }
        if (claims.warnAfter() != null) {
            boolean late = runtime.now().isAfter(claims.warnAfter());
            uses.renewable(late);
            if (late) {
                long seconds =
                        runtime.now().getEpochSecond() - claims.warnAfter().getEpochSecond();
                notes.put(
                        "authentication.k8s.io/stale-token",
                        "subject: " + claims.subject() + ", seconds after warning threshold: " + seconds);
            }
        }
        return notes;
    }

    // Null: not one of ours.
    private TokenClaims verify(String token) throws Unauthenticated {
        CompactJwt jwt = CompactJwt.parse(token).orElse(null);
        if (jwt == null || !issuers.contains(jwt.issuer())) {
            return null;
        }
        String reason = keys.whyNotSigned(jwt);
        if (reason != null) {
            throw new Unauthenticated(reason);
        }
        try {
            return TokenClaims.parse(jwt.payload());
        } catch (ParseException e) {
            throw new Unauthenticated(e.getMessage());
        }
    }

    private static void checkTime(TokenClaims claims, Instant now) throws Unauthenticated {
        if (claims.notBefore() != null && now.plus(LEEWAY).isBefore(claims.notBefore())) {
            throw new Unauthenticated("service account token is not valid yet");
        }
        if (claims.expiry() != null && now.minus(LEEWAY).isAfter(claims.expiry())) {
            throw new Unauthenticated("service account token has expired");
        }
        if (claims.issuedAt() != null && now.plus(LEEWAY).isBefore(claims.issuedAt())) {
            throw new Unauthenticated("service account token is issued in the future");
        }
    }

    private void checkObjects(TokenClaims claims, Instant gone) throws Unauthenticated {
        String namespace = claims.namespace();
        Ref account = claims.serviceAccount();
        if (account.name().isEmpty()) {
            throw new Unauthenticated("resource name may not be empty");
        }
        if (namespace.isEmpty()) {
            throw new Unauthenticated("the server could not find the requested resource");
        }
        ServiceAccount present = find(SERVICE_ACCOUNTS, ObjectKey.of(namespace, account.name()));
        if (present == null) {
            throw new Unauthenticated("serviceaccounts \"" + account.name() + "\" not found");
        }
        ObjectMeta meta = present.getMetadata();
        if (!meta.getUid().equals(account.uid())) {
            throw new Unauthenticated(
                    "service account UID (" + meta.getUid() + ") does not match claim (" + account.uid() + ")");
        }
        if (deletedBefore(meta, gone)) {
            throw new Unauthenticated("service account " + namespace + "/" + account.name() + " has been deleted");
        }
        if (claims.secret() != null) {
            checkBound("secret", SECRETS, namespace, claims.secret(), gone);
        }
        if (claims.pod() != null) {
            checkBound("pod", PODS, namespace, claims.pod(), gone);
        } else if (claims.node() != null) {
            checkBound("node", NODES, "", claims.node(), gone);
        }
    }

    private <T extends Message> void checkBound(
            String what, ResourceType<T> type, String namespace, Ref ref, Instant gone) throws Unauthenticated {
        T present = find(type, ObjectKey.of(namespace, ref.name()));
        if (present == null) {
            throw new Unauthenticated("service account token has been invalidated");
        }
        ObjectMeta meta = type.meta(present);
        if (!meta.getUid().equals(ref.uid())) {
            String title = what.equals("pod") ? "pod UID" : what + " UID";
            throw new Unauthenticated(title + " (" + meta.getUid() + ") does not match service account " + what
                    + " ref claim (" + ref.uid() + ")");
        }
        if (deletedBefore(meta, gone)) {
            throw new Unauthenticated("service account token has been invalidated");
        }
    }

    // The cache may not have what was created a moment ago.
    private <T extends Message> T find(ResourceType<T> type, ObjectKey key) {
        T cached = objects.get(type, key);
        return cached != null ? cached : live.get(type, key);
    }

    private static boolean deletedBefore(ObjectMeta meta, Instant gone) {
        return meta.hasDeletionTimestamp()
                && Instant.ofEpochSecond(meta.getDeletionTimestamp().getSeconds())
                        .isBefore(gone);
    }

    private static UserInfo user(TokenClaims claims) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        if (!claims.id().isEmpty()) {
            extra.put(CredentialIds.EXTRA_KEY, List.of("JTI=" + claims.id()));
        }
        if (claims.pod() != null) {
            extra.put(CredentialIds.POD_NAME, List.of(claims.pod().name()));
            extra.put(CredentialIds.POD_UID, List.of(claims.pod().uid()));
        }
        if (claims.node() != null) {
            extra.put(CredentialIds.NODE_NAME, List.of(claims.node().name()));
            if (!claims.node().uid().isEmpty()) {
                extra.put(CredentialIds.NODE_UID, List.of(claims.node().uid()));
            }
        }
        return new UserInfo(
                Groups.serviceAccountUser(
                        claims.namespace(), claims.serviceAccount().name()),
                claims.serviceAccount().uid(),
                List.of(Groups.SERVICE_ACCOUNTS, Groups.serviceAccountsOf(claims.namespace())),
                extra);
    }

    static String quoted(List<String> audiences) {
        return audiences.stream()
                .map(audience -> "\"" + audience + "\"")
                .toList()
                .toString()
                .replace(", ", " ");
    }
}

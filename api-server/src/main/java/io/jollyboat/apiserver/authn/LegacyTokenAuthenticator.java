package io.jollyboat.apiserver.authn;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.tokens.ClaimSet;
import io.jollyboat.apiserver.tokens.CompactJwt;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens of service accounts that lie in Secrets and never expire. They hold as long as the Secret has them and the
 * account is the same. The Secret is labelled with the day of its last use.
 */
final class LegacyTokenAuthenticator implements TokenAuthenticator {
    static final String ISSUER = "kubernetes/serviceaccount";
    static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private static final ResourceType<ServiceAccount> SERVICE_ACCOUNTS = Kinds.of(ServiceAccount.class);
    private static final ResourceType<Secret> SECRETS = Kinds.of(Secret.class);
    private static final String PREFIX = "kubernetes.io/serviceaccount/";

    private static final String NOTES = "authentication.k8s.io/";
    private static final String AUTOMATIC_WARNING = "Use tokens from the TokenRequest API or manually created"
            + " secret-based tokens instead of auto-generated secret-based tokens.";

    private final List<String> ownAudiences;
    private final TokenKeys keys;
    private final ObjectLookup objects;
    private final LiveObjects live;
    private final SecretLabels labels;
    private final TokenUses uses;
    private final Runtime runtime;

    LegacyTokenAuthenticator(
            List<String> ownAudiences,
            TokenKeys keys,
            ObjectLookup objects,
            LiveObjects live,
            SecretLabels labels,
            TokenUses uses,
            Runtime runtime) {
        this.uses = uses;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.keys = keys;
        this.objects = objects;
        this.live = live;
        this.labels = labels;
        this.runtime = runtime;
    }

    @Override
    public Result authenticate(String token, List<String> audiences) {
        CompactJwt jwt = CompactJwt.parse(token).orElse(null);
        if (jwt == null || !ISSUER.equals(jwt.issuer())) {
            return new Result.Refused("");
        }
        try {
            String unsigned = keys.whyNotSigned(jwt);
            if (unsigned != null) {
                throw new Unauthenticated(unsigned);
            }
            ClaimSet claims = ClaimSet.parse(jwt.payload());
            List<String> named = claims.audience();
            boolean forAll = named.isEmpty();
            if (forAll) {
                uses.legacy();
            }
            List<String> common = common(named, audiences);
            Result.Holds holds = holds(token, claims, common);
            if (forAll) {
                holds.notes().put(NOTES + "legacy-token", claims.text("sub"));
            }
            return holds;
        } catch (Unauthenticated | ParseException e) {
            return new Result.Refused(e.getMessage());
        }
    }

    /** A token that names no audience is for the server itself. */
    private List<String> common(List<String> named, List<String> wanted) throws Unauthenticated {
        List<String> own = named.isEmpty() ? ownAudiences : named;
        List<String> common = own.stream().filter(wanted::contains).toList();
        if (common.isEmpty()) {
            throw new Unauthenticated("token audiences " + ServiceAccountTokenAuthenticator.quoted(own)
                    + " is invalid for the target audiences " + ServiceAccountTokenAuthenticator.quoted(wanted));
        }
        return common;
    }

    private Result.Holds holds(String token, ClaimSet claims, List<String> audiences)
            throws Unauthenticated, ParseException {
        if (claims.text("sub").isEmpty()) {
            throw new Unauthenticated("sub claim is missing");
        }
        String namespace = claim(claims, "namespace", "namespace");
        String secret = claim(claims, "secret.name", "secretName");
        String account = claim(claims, "service-account.name", "serviceAccountName");
        String uid = claim(claims, "service-account.uid", "serviceAccountUID");
        if (!claims.text("sub").equals(Groups.serviceAccountUser(namespace, account))) {
            throw new Unauthenticated("sub claim is invalid");
        }
        Secret present = find(SECRETS, ObjectKey.of(namespace, secret));
        if (present == null || present.getMetadata().hasDeletionTimestamp()) {
            throw new Unauthenticated("Token has been invalidated");
        }
        byte[] kept = present.getDataOrDefault("token", ByteString.EMPTY).toByteArray();
        if (!MessageDigest.isEqual(kept, token.getBytes(StandardCharsets.UTF_8))) {
            throw new Unauthenticated("Token does not match server's copy");
        }
        ServiceAccount owner = account(namespace, account, uid);
        used(present);
        if (!present.getMetadata().getLabelsOrDefault(INVALID_SINCE, "").isEmpty()) {
            uses.invalidated();
            throw new Unauthenticated("the token in secret " + namespace + "/" + secret + " for service account "
                    + namespace + "/" + account + " has been marked invalid. Use tokens from the TokenRequest API or"
                    + " manually created secret-based tokens, or remove the '" + INVALID_SINCE
                    + "' label from the secret to temporarily allow use of this token");
        }
        UserInfo user = new UserInfo(
                claims.text("sub"),
                uid,
                List.of(Groups.SERVICE_ACCOUNTS, Groups.serviceAccountsOf(namespace)),
                Map.of());
        boolean automatic = owner.getSecretsList().stream()
                .anyMatch(reference -> reference.getName().equals(secret));
        uses.kept(automatic);
        Map<String, String> notes = new HashMap<>();
        notes.put(NOTES + (automatic ? "legacy-token-autogenerated-secret" : "legacy-token-manual-secret"), secret);
        return new Result.Holds(user, audiences, automatic ? List.of(AUTOMATIC_WARNING) : List.of(), notes);
    }

    private ServiceAccount account(String namespace, String name, String uid) throws Unauthenticated {
        ServiceAccount account = find(SERVICE_ACCOUNTS, ObjectKey.of(namespace, name));
        if (account == null) {
            throw new Unauthenticated("serviceaccounts \"" + name + "\" not found");
        }
        if (account.getMetadata().hasDeletionTimestamp()) {
            throw new Unauthenticated("ServiceAccount " + namespace + "/" + name + " has been deleted");
        }
        if (!account.getMetadata().getUid().equals(uid)) {
            throw new Unauthenticated(
                    "ServiceAccount UID (" + account.getMetadata().getUid() + ") does not match claim (" + uid + ")");
        }
        return account;
    }

    /** Once a day; a label of tomorrow is of a server whose clock is ahead. */
    private void used(Secret secret) {
        LocalDate today = LocalDate.ofInstant(runtime.now(), ZoneOffset.UTC);
        String last = secret.getMetadata().getLabelsOrDefault(LAST_USED, "");
        if (!last.equals(today.toString()) && !last.equals(today.plusDays(1).toString())) {
            labels.put(secret, LAST_USED, today.toString());
        }
    }

    private static String claim(ClaimSet claims, String name, String shown) throws Unauthenticated, ParseException {
        String value = claims.text(PREFIX + name);
        if (!value.isEmpty()) {
            return value;
        }
        throw new Unauthenticated(shown + " claim is missing");
    }

    // The cache may not have what was created a moment ago.
    private <T extends com.google.protobuf.Message> T find(ResourceType<T> type, ObjectKey key) {
        T cached = objects.get(type, key);
        return cached != null ? cached : live.get(type, key);
    }
}

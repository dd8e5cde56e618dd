package io.jollyboat.apiserver.authn;

import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tokens that new nodes join with: {@code id.secret}, each in a Secret of kube-system. */
final class BootstrapTokenAuthenticator implements TokenAuthenticator {
    private static final Log LOG = Log.of(BootstrapTokenAuthenticator.class);
    private static final ResourceType<Secret> SECRETS = Kinds.of(Secret.class);
    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String DEFAULT_GROUP = "system:bootstrappers";

    private final List<String> ownAudiences;
    private final ObjectLookup objects;
    private final Runtime runtime;

    /** @param ownAudiences what the tokens, which say nothing of it, are for */
    BootstrapTokenAuthenticator(List<String> ownAudiences, ObjectLookup objects, Runtime runtime) {
        this.ownAudiences = List.copyOf(ownAudiences);
        this.objects = objects;
        this.runtime = runtime;
    }

    @Override
    public Result authenticate(String token, List<String> audiences) {
        Matcher matcher = TOKEN.matcher(token);
        List<String> common = ownAudiences.stream().filter(audiences::contains).toList();
        if (!matcher.matches() || common.isEmpty()) {
            return new Result.Refused("");
        }
        String id = matcher.group(1);
        Secret secret = objects.get(SECRETS, ObjectKey.of("kube-system", "bootstrap-token-" + id));
        if (secret == null) {
            return new Result.Refused("");
        }
        String why = whyNot(secret, id, matcher.group(2));
        if (why != null) {
            // Upstream says nothing of it to the client either.
            LOG.info("bootstrap token is refused", "token", id, "reason", why);
            return new Result.Refused("");
        }
        List<String> groups = groups(data(secret, "auth-extra-groups"));
        if (groups == null) {
            LOG.info("bootstrap token is refused", "token", id, "reason", "invalid auth-extra-groups");
            return new Result.Refused("");
        }
        return new Result.Holds(new UserInfo("system:bootstrap:" + id, "", groups, Map.of()), common);
    }

    private String whyNot(Secret secret, String id, String value) {
        if (secret.getMetadata().hasDeletionTimestamp()) {
            return "is deleted and awaiting removal";
        }
        if (!secret.getType().equals("bootstrap.kubernetes.io/token")) {
            return "has another type";
        }
        byte[] known = data(secret, "token-secret").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(known, value.getBytes(StandardCharsets.UTF_8))) {
            return "another token-secret";
        }
        if (!data(secret, "token-id").equals(id)) {
            return "another token-id";
        }
        if (isOver(data(secret, "expiration"))) {
            return "expired";
        }
        return data(secret, "usage-bootstrap-authentication").equals("true")
                ? null
                : "not marked usage-bootstrap-authentication=true";
    }

    /** A time that cannot be read is over. */
    private boolean isOver(String expiration) {
        if (expiration.isEmpty()) {
            return false;
        }
        try {
            Instant end = OffsetDateTime.parse(expiration).toInstant();
            return !runtime.now().isBefore(end);
        } catch (DateTimeException e) {
            return true;
        }
    }

    /** Null when one of them is no group of those who join. */
    private static List<String> groups(String extra) {
        TreeSet<String> groups = new TreeSet<>(List.of(DEFAULT_GROUP));
        if (!extra.isEmpty()) {
            for (String group : extra.split(",", -1)) {
                if (!GROUP.matcher(group).matches()) {
                    return null;
                }
                groups.add(group);
            }
        }
        return List.copyOf(groups);
    }

    private static String data(Secret secret, String key) {
        return secret.containsData(key) ? secret.getDataOrThrow(key).toStringUtf8() : "";
    }
}

package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lets a user act as another one ({@code kubectl --as}) who may {@code impersonate} every part of the other's identity. */
public final class Impersonation {
    private static final String USER = "impersonate-user";
    private static final String GROUP = "impersonate-group";
    private static final String UID = "impersonate-uid";
    private static final String EXTRA_PREFIX = "impersonate-extra-";
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

    private final Authorizer authorizer;

    public Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * The user that the request acts as.
     *
     * @param headers all of the request's, in order
     * @return the requester where the headers ask for nothing
     * @throws ApiException 403 when a part may not be taken on, 400 when groups are asked for without a user
     */
    public UserInfo apply(UserInfo requester, Iterable<Map.Entry<String, String>> headers) {
        Wanted wanted = new Wanted();
        headers.forEach(header -> wanted.read(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        if (wanted.user.isEmpty()) {
            if (!wanted.groups.isEmpty() || !wanted.extra.isEmpty() || !wanted.uid.isEmpty()) {
                throw ApiException.badRequest("requested " + wanted.describe() + " without impersonating a user name");
            }
            return requester;
        }
        return check(requester, wanted);
    }

    private UserInfo check(UserInfo requester, Wanted wanted) {
        List<String> groups = new ArrayList<>(wanted.groups);
        String[] account = account(wanted.user);
        if (account.length == 2) {
            require(requester, "", "serviceaccounts", "", account[0], account[1]);
            if (groups.isEmpty()) {
                groups.add(Groups.SERVICE_ACCOUNTS);
                groups.add(Groups.serviceAccountsOf(account[0]));
            }
        } else {
            require(requester, "", "users", "", "", wanted.user);
        }
        wanted.groups.forEach(group -> require(requester, "", "groups", "", "", group));
        wanted.extra.forEach((key, values) ->
                values.forEach(value -> require(requester, AUTHENTICATION, "userextras", key, "", value)));
        if (!wanted.uid.isEmpty()) {
            require(requester, AUTHENTICATION, "uids", "", "", wanted.uid);
        }
        String unauthenticated = UserInfo.ANONYMOUS.groups().getFirst();
        if (wanted.user.equals(UserInfo.ANONYMOUS.name())) {
            if (!groups.contains(unauthenticated)) {
                groups.add(unauthenticated);
            }
        } else if (!groups.contains(Groups.AUTHENTICATED) && !groups.contains(unauthenticated)) {
            groups.add(Groups.AUTHENTICATED);
        }
        return new UserInfo(wanted.user, wanted.uid, List.copyOf(groups), Map.copyOf(wanted.extra));
    }

    private void require(
            UserInfo requester, String group, String resource, String subresource, String namespace, String name) {
        RequestAttributes attributes = new RequestAttributes(
                requester,
                "impersonate",
                true,
                group,
                group.isEmpty() ? "" : "v1",
                resource,
                subresource,
                namespace,
                name,
                "",
                "",
                "");
        Decision decision = authorizer.authorize(attributes);
        if (decision.verdict() != Verdict.ALLOW) {
            throw Forbidden.of(attributes, decision.reason());
        }
    }

    // Namespace and name; anything else is no service account.
    private static String[] account(String user) {
        String[] parts = user.startsWith(ACCOUNT_PREFIX)
                ? user.substring(ACCOUNT_PREFIX.length()).split(":", -1)
                : new String[0];
        return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty() ? parts : new String[0];
    }

    private static final class Wanted {
        private String user = "";
        private String uid = "";
        private final List<String> groups = new ArrayList<>();
        private final Map<String, List<String>> extra = new LinkedHashMap<>();

        private void read(String header, String value) {
            switch (header) {
                case USER -> user = user.isEmpty() ? value : user;
                case UID -> uid = uid.isEmpty() ? value : uid;
                case GROUP -> groups.add(value);
                default -> {
                    if (header.startsWith(EXTRA_PREFIX)) {
                        extra.computeIfAbsent(key(header), any -> new ArrayList<>())
                                .add(value);
                    }
                }
            }
        }

        // As Go prints the record.
        private String describe() {
            String extras = extra.entrySet().stream()
                    .map(entry -> GoText.quoted(entry.getKey()) + ":" + slice(entry.getValue()))
                    .collect(Collectors.joining(", "));
            return "&user.DefaultInfo{Name:\"\", UID:" + GoText.quoted(uid) + ", Groups:"
                    + (groups.isEmpty() ? "[]string(nil)" : slice(groups)) + ", Extra:map[string][]string"
                    + (extra.isEmpty() ? "(nil)" : "{" + extras + "}") + "}";
        }

        private static String slice(List<String> values) {
            return values.stream().map(GoText::quoted).collect(Collectors.joining(", ", "[]string{", "}"));
        }

        // Escaped as in a path: a plus is a plus.
        private static String key(String header) {
            String encoded = header.substring(EXTRA_PREFIX.length());
            try {
                return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return encoded;
            }
        }
    }
}

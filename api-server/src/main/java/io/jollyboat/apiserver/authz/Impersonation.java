package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.Authorizer;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Lets a user act as another one ({@code kubectl --as}) who is allowed to take on the other's identity. */
public final class Impersonation {
    private static final String USER = "impersonate-user";
    private static final String GROUP = "impersonate-group";
    private static final String UID = "impersonate-uid";
    private static final String EXTRA_PREFIX = "impersonate-extra-";
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

    private final ImpersonationModes modes;

    public Impersonation(Authorizer authorizer) {
        this.modes = new ImpersonationModes(authorizer);
    }

    /**
     * Whom a request acts as.
     *
     * @param constraint the verb of the constrained way by which that is allowed; empty for the old way
     */
    public record Acting(UserInfo user, String constraint) {}

    /**
     * The user that the request acts as.
     *
     * @param headers all of the request's, in order
     * @param request made for the requester himself: what it is about counts, too
     * @return the requester where the headers ask for nothing
     * @throws ApiException 403 when a part may not be taken on, 400 when groups are asked for without a user
     */
    public Acting apply(
            UserInfo requester, Iterable<Map.Entry<String, String>> headers, Supplier<RequestAttributes> request) {
        Wanted wanted = new Wanted();
        headers.forEach(header -> wanted.read(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        if (wanted.user.isEmpty()) {
            if (!wanted.groups.isEmpty() || !wanted.extra.isEmpty() || !wanted.uid.isEmpty()) {
                throw ApiException.badRequest("requested " + wanted.describe() + " without impersonating a user name");
            }
            return new Acting(requester, "");
        }
        UserInfo user = new UserInfo(wanted.user, wanted.uid, List.copyOf(wanted.groups), Map.copyOf(wanted.extra));
        return modes.check(requester, user, request.get());
    }

    // Namespace and name; anything else is no service account.
    static String[] account(String user) {
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

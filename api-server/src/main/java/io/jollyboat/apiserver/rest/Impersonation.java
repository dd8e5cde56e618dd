package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.errors.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lets a user who may do so act as another, as the Impersonate headers ask. */
final class Impersonation {
    private static final String USER = "Impersonate-User";
    private static final String GROUP = "Impersonate-Group";
    private static final String UID = "Impersonate-Uid";
    private static final String EXTRA_PREFIX = "impersonate-extra-";
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

    private final AccessGate gate;

    Impersonation(AccessGate gate) {
        this.gate = gate;
    }

    UserInfo user(UserInfo real, HttpExchange exchange) {
        String name = exchange.header(USER);
        List<String> groups = exchange.headers().getAll(GROUP);
        Map<String, List<String>> extra = extra(exchange);
        String uid = exchange.header(UID);
        if (name == null || name.isEmpty()) {
            if (!groups.isEmpty() || !extra.isEmpty() || uid != null) {
                String shown = groups.stream().map(group -> '"' + group + '"').collect(Collectors.joining(", "));
                throw ApiException.badRequest("requested &user.DefaultInfo{Name:\"\", UID:\"" + (uid == null ? "" : uid)
                        + "\", Groups:[]string{" + shown
                        + "}, Extra:map[string][]string(nil)} without impersonating a user name");
            }
            return real;
        }
        allow(real, name);
        groups.forEach(group -> check(real, "", "groups", "", "", group));
        extra.forEach((key, values) ->
                values.forEach(value -> check(real, "authentication.k8s.io", "userextras", key, "", value)));
        if (uid != null) {
            check(real, "authentication.k8s.io", "uids", "", "", uid);
        }
        return new UserInfo(name, uid == null ? "" : uid, groups(name, groups), extra);
    }

    private void allow(UserInfo real, String name) {
        String[] account = name.startsWith(ACCOUNT_PREFIX)
                ? name.substring(ACCOUNT_PREFIX.length()).split(":", -1)
                : new String[0];
        if (account.length == 2) {
            check(real, "", "serviceaccounts", "", account[0], account[1]);
        } else {
            check(real, "", "users", "", "", name);
        }
    }

    private static List<String> groups(String name, List<String> asked) {
        List<String> groups = new ArrayList<>(asked);
        if (name.startsWith(ACCOUNT_PREFIX) && asked.isEmpty()) {
            String namespace = name.substring(ACCOUNT_PREFIX.length()).split(":", -1)[0];
            groups.add(Groups.SERVICE_ACCOUNTS);
            groups.add(Groups.serviceAccountsOf(namespace));
        }
        boolean anonymous = name.equals(UserInfo.ANONYMOUS.name());
        String wide = anonymous ? "system:unauthenticated" : Groups.AUTHENTICATED;
        if (!groups.contains(wide)) {
            groups.add(wide);
        }
        return List.copyOf(groups);
    }

    private void check(
            UserInfo real, String group, String resource, String subresource, String namespace, String name) {
        gate.authorize(new RequestAttributes(
                real, "impersonate", true, group, "v1", resource, subresource, namespace, name, "", "", ""));
    }

    private static Map<String, List<String>> extra(HttpExchange exchange) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (String header : exchange.headers().names()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA_PREFIX)) {
                String key = URLDecoder.decode(lower.substring(EXTRA_PREFIX.length()), StandardCharsets.UTF_8);
                extra.put(key, exchange.headers().getAll(header));
            }
        }
        return extra;
    }
}

package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The ways to be allowed to act as somebody. The constrained ones need two permissions: to take on the identity
 * ({@code impersonate:MODE}), and to do with it what the request does ({@code impersonate-on:MODE:VERB}). The old one,
 * which is tried last, needs only {@code impersonate}, and allows all that the other user may.
 */
final class ImpersonationModes {
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String NODE_PREFIX = "system:node:";
    private static final String NODE_OF_REQUESTER = "authentication.kubernetes.io/node-name";
    private static final String NODE_KEYS = "authentication.kubernetes.io/associated-node-keys";
    private static final String VERB = "impersonate:";
    private static final int MANY = 4;
    private static final int KEPT = 1024;

    private final Authorizer authorizer;
    /** What worked last for a requester is tried first the next time, and its refusal is what he is told. */
    private final Map<String, Mode> last = Collections.synchronizedMap(new Last());

    ImpersonationModes(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    private static final class Last extends LinkedHashMap<String, Mode> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Mode> eldest) {
            return size() > KEPT;
        }
    }

    /** In the order in which they are tried. */
    private enum Mode {
        ASSOCIATED_NODE,
        ARBITRARY_NODE,
        SERVICEACCOUNT,
        USER_INFO,
        LEGACY;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isFor(UserInfo requester, UserInfo wanted) {
            boolean nameOnly = wanted.uid().isEmpty()
                    && wanted.groups().isEmpty()
                    && wanted.extra().isEmpty();
            Optional<String> node = node(wanted.name());
            boolean account = Impersonation.account(wanted.name()).length == 2;
            return switch (this) {
                case ASSOCIATED_NODE ->
                    nameOnly
                            && node.isPresent()
                            && Impersonation.account(requester.name()).length == 2
                            && requester
                                    .extra()
                                    .getOrDefault(NODE_OF_REQUESTER, List.of())
                                    .equals(List.of(node.get()));
                case ARBITRARY_NODE -> nameOnly && node.isPresent();
                case SERVICEACCOUNT -> nameOnly && account;
                case USER_INFO -> node.isEmpty() && !account;
                case LEGACY -> true;
            };
        }
    }

    private static Optional<String> node(String user) {
        String name = user.startsWith(NODE_PREFIX) ? user.substring(NODE_PREFIX.length()) : "";
        return !name.isEmpty() && Names.dns1123Subdomain(name).isEmpty() ? Optional.of(name) : Optional.empty();
    }

    /**
     * Who the requester acts as.
     *
     * @param request what he wants to do as that user, made for himself
     * @throws ApiException 403
     */
    Impersonation.Acting check(UserInfo requester, UserInfo wanted, RequestAttributes request) {
        String key = requester.name();
        Mode usual = last.get(key);
        ApiException first = null;
        for (Mode mode : order(usual)) {
            if (!mode.isFor(requester, wanted)) {
                continue;
            }
            try {
                UserInfo user =
                        mode == Mode.LEGACY ? legacy(requester, wanted) : constrained(mode, requester, wanted, request);
                if (mode != usual) {
                    last.put(key, mode);
                }
                return new Impersonation.Acting(user, mode == Mode.LEGACY ? "" : VERB + mode.text());
            } catch (ApiException e) {
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    private static List<Mode> order(Mode usual) {
        List<Mode> modes = new ArrayList<>(List.of(Mode.values()));
        if (usual != null) {
            modes.remove(usual);
            modes.addFirst(usual);
        }
        return modes;
    }

    private UserInfo constrained(Mode mode, UserInfo requester, UserInfo wanted, RequestAttributes request) {
        // What differs from node to node does not count: who may do it on his node may do it on each.
        UserInfo asker = mode == Mode.ASSOCIATED_NODE
                ? new UserInfo(
                        requester.name(),
                        requester.uid(),
                        requester.groups(),
                        Map.of(
                                NODE_KEYS,
                                requester.extra().keySet().stream().sorted().toList()))
                : requester;
        require(new RequestAttributes(
                asker,
                "impersonate-on:" + mode.text() + ":" + request.verb(),
                request.resourceRequest(),
                request.apiGroup(),
                request.apiVersion(),
                request.resource(),
                request.subresource(),
                request.namespace(),
                request.name(),
                request.path(),
                request.labelSelector(),
                request.fieldSelector()));
        String verb = VERB + mode.text();
        List<String> groups = wanted.groups();
        switch (mode) {
            case ASSOCIATED_NODE, ARBITRARY_NODE -> {
                String name =
                        mode == Mode.ASSOCIATED_NODE ? "*" : node(wanted.name()).orElseThrow();
                require(asker, verb, AUTHENTICATION, "nodes", "", "", name);
                groups = List.of(Groups.NODES);
            }
            case SERVICEACCOUNT -> {
                String[] account = Impersonation.account(wanted.name());
                require(asker, verb, AUTHENTICATION, "serviceaccounts", "", account[0], account[1]);
                groups = List.of(Groups.SERVICE_ACCOUNTS, Groups.serviceAccountsOf(account[0]));
            }
            case USER_INFO -> {
                require(asker, verb, AUTHENTICATION, "users", "", "", wanted.name());
                if (!wanted.uid().isEmpty()) {
                    require(asker, verb, AUTHENTICATION, "uids", "", "", wanted.uid());
                }
                groups(asker, verb, wanted.groups());
                extra(asker, verb, wanted.extra());
            }
            case LEGACY -> throw new IllegalStateException("the old way is not constrained");
        }
        return complete(wanted, groups);
    }

    private void groups(UserInfo asker, String verb, List<String> groups) {
        if (groups.contains("")) {
            throw Forbidden.of(
                    of(asker, verb, AUTHENTICATION, "groups", "", "", ""),
                    "impersonating the empty string group is not allowed");
        }
        if (groups.contains(Groups.MASTERS)) {
            throw Forbidden.of(
                    of(asker, verb, AUTHENTICATION, "groups", "", "", Groups.MASTERS),
                    "impersonating the system:masters group is not allowed");
        }
        if (groups.size() >= MANY && isAllowed(of(asker, verb, AUTHENTICATION, "groups", "", "", "*"))) {
            return;
        }
        groups.forEach(group -> require(asker, verb, AUTHENTICATION, "groups", "", "", group));
    }

    private void extra(UserInfo asker, String verb, Map<String, List<String>> extra) {
        extra.forEach((key, values) -> {
            int slash = key.indexOf('/');
            String wrong = "";
            if (key.isEmpty()) {
                wrong = "impersonating the empty string key in extra is not allowed";
            } else if (slash < 1
                    || slash == key.length() - 1
                    || !Names.dns1123Subdomain(key.substring(0, slash)).isEmpty()) {
                wrong = "impersonating an invalid key in extra is not allowed: extra.key: Invalid value: \"" + key
                        + "\": must be a domain-prefixed path (such as \"acme.io/foo\")";
            } else if (!key.equals(key.toLowerCase(Locale.ROOT))) {
                wrong = "impersonating a non-lowercase key in extra is not allowed: \"" + key + "\"";
            } else if (values.contains("")) {
                wrong = "impersonating the empty string value in extra is not allowed";
            }
            if (!wrong.isEmpty()) {
                throw Forbidden.of(of(asker, verb, AUTHENTICATION, "userextras", "", "", ""), wrong);
            }
        });
        int count = extra.values().stream().mapToInt(List::size).sum();
        if ((extra.size() >= MANY || count >= MANY)
                && isAllowed(of(asker, verb, AUTHENTICATION, "userextras", "*", "", "*"))) {
            return;
        }
        extra.forEach((key, values) ->
                values.forEach(value -> require(asker, verb, AUTHENTICATION, "userextras", key, "", value)));
    }

    private UserInfo legacy(UserInfo requester, UserInfo wanted) {
        String verb = "impersonate";
        List<String> groups = wanted.groups();
        String[] account = Impersonation.account(wanted.name());
        if (account.length == 2) {
            require(requester, verb, "", "serviceaccounts", "", account[0], account[1]);
            if (groups.isEmpty()) {
                groups = List.of(Groups.SERVICE_ACCOUNTS, Groups.serviceAccountsOf(account[0]));
            }
        } else {
            require(requester, verb, "", "users", "", "", wanted.name());
        }
        if (!wanted.uid().isEmpty()) {
            require(requester, verb, AUTHENTICATION, "uids", "", "", wanted.uid());
        }
        wanted.groups().forEach(group -> require(requester, verb, "", "groups", "", "", group));
        wanted.extra()
                .forEach((key, values) -> values.forEach(
                        value -> require(requester, verb, AUTHENTICATION, "userextras", key, "", value)));
        return complete(wanted, groups);
    }

    private static UserInfo complete(UserInfo wanted, List<String> given) {
        List<String> groups = new ArrayList<>(given);
        String unauthenticated = UserInfo.ANONYMOUS.groups().getFirst();
        if (wanted.name().equals(UserInfo.ANONYMOUS.name())) {
            if (!groups.contains(unauthenticated)) {
                groups.add(unauthenticated);
            }
        } else if (!groups.contains(Groups.AUTHENTICATED) && !groups.contains(unauthenticated)) {
            groups.add(Groups.AUTHENTICATED);
        }
        return new UserInfo(wanted.name(), wanted.uid(), List.copyOf(groups), wanted.extra());
    }

    private static RequestAttributes of(
            UserInfo requester,
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return new RequestAttributes(
                requester, verb, true, group, "v1", resource, subresource, namespace, name, "", "", "");
    }

    private void require(
            UserInfo requester,
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        require(of(requester, verb, group, resource, subresource, namespace, name));
    }

    private boolean isAllowed(RequestAttributes attributes) {
        return authorizer.authorize(attributes).verdict() == Verdict.ALLOW;
    }

    private void require(RequestAttributes attributes) {
        Decision decision = authorizer.authorize(attributes);
        if (decision.verdict() != Verdict.ALLOW) {
            String both = decision.error().isEmpty() || decision.reason().isEmpty() ? "" : ": ";
            throw Forbidden.of(attributes, decision.error() + both + decision.reason());
        }
    }
}

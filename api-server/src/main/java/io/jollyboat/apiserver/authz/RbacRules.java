package io.jollyboat.apiserver.authz;

import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.Role;
import io.jollyboat.api.rbac.v1.RoleBinding;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All roles and bindings, indexed by subject. Resolves which rules hold for a user in a namespace. */
final class RbacRules {
    private final Map<ObjectKey, List<Rule>> roles = new ConcurrentHashMap<>();
    private final Map<String, List<Rule>> clusterRoles = new ConcurrentHashMap<>();
    private final BindingIndex bindings = new BindingIndex();

    RbacRules(ObjectLookup objects) {
        objects.listen(Kinds.of(Role.class), new Listening<Role>() {
            @Override
            public void onPut(ObjectKey key, Role role) {
                roles.put(key, Rule.all(role.getRulesList()));
            }

            @Override
            public void onRemove(ObjectKey key) {
                roles.remove(key);
            }
        });
        objects.listen(Kinds.of(ClusterRole.class), new Listening<ClusterRole>() {
            @Override
            public void onPut(ObjectKey key, ClusterRole role) {
                clusterRoles.put(key.name(), Rule.all(role.getRulesList()));
            }

            @Override
            public void onRemove(ObjectKey key) {
                clusterRoles.remove(key.name());
            }
        });
        objects.listen(Kinds.of(RoleBinding.class), new Listening<RoleBinding>() {
            @Override
            public void onPut(ObjectKey key, RoleBinding binding) {
                bindings.put(key, binding.getRoleRef(), binding.getSubjectsList());
            }

            @Override
            public void onRemove(ObjectKey key) {
                bindings.remove(key);
            }
        });
        objects.listen(Kinds.of(ClusterRoleBinding.class), new Listening<ClusterRoleBinding>() {
            @Override
            public void onPut(ObjectKey key, ClusterRoleBinding binding) {
                bindings.put(key, binding.getRoleRef(), binding.getSubjectsList());
            }

            @Override
            public void onRemove(ObjectKey key) {
                bindings.remove(key);
            }
        });
    }

    private interface Listening<T> extends ObjectLookup.Listener<T> {}

    /** Visits the rules of a user until the visitor has enough. */
    interface Visitor {
        /** @return false to stop */
        boolean visit(BindingIndex.Grant grant, Rule rule);

        void unresolved(String error);
    }

    /** @param namespace empty: only what holds everywhere */
    void visit(UserInfo user, String namespace, Visitor visitor) {
        if (visitIn(user, "", visitor) && !namespace.isEmpty()) {
            visitIn(user, namespace, visitor);
        }
    }

    private boolean visitIn(UserInfo user, String namespace, Visitor visitor) {
        for (BindingIndex.Grant grant : bindings.ofUser(namespace, user.name())) {
            if (!visitGrant(grant, visitor)) {
                return false;
            }
        }
        for (String group : user.groups()) {
            for (BindingIndex.Grant grant : bindings.ofGroup(namespace, group)) {
                if (!visitGrant(grant, visitor)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean visitGrant(BindingIndex.Grant grant, Visitor visitor) {
        List<Rule> rules = rules(grant.role(), grant.binding().namespace());
        if (rules == null) {
            visitor.unresolved(unresolved(grant.role()));
            return true;
        }
        for (Rule rule : rules) {
            if (!visitor.visit(grant, rule)) {
                return false;
            }
        }
        return true;
    }

    /** The rules of a role that a binding in the namespace refers to; null when there is no such role. */
    List<Rule> rules(RoleRef role, String namespace) {
        return switch (role.getKind()) {
            case "Role" -> roles.get(ObjectKey.of(namespace, role.getName()));
            case "ClusterRole" -> clusterRoles.get(role.getName());
            default -> null;
        };
    }

    /** Upstream's words for a role that is not there. */
    static String unresolved(RoleRef role) {
        return switch (role.getKind()) {
            case "Role" -> "role.rbac.authorization.k8s.io " + GoText.quoted(role.getName()) + " not found";
            case "ClusterRole" ->
                "clusterrole.rbac.authorization.k8s.io " + GoText.quoted(role.getName()) + " not found";
            default -> "unsupported role reference kind: " + GoText.quoted(role.getKind());
        };
    }

    /** All rules that hold for the user; errors receives what could not be resolved. */
    List<Rule> rulesFor(UserInfo user, String namespace, List<String> errors) {
        List<Rule> all = new ArrayList<>();
        visit(user, namespace, new Visitor() {
            @Override
            public boolean visit(BindingIndex.Grant grant, Rule rule) {
                all.add(rule);
                return true;
            }

            @Override
            public void unresolved(String error) {
                errors.add(error);
            }
        });
        return all;
    }

    /** The user name or group that a subject stands for, as an index key; null for a subject that is nobody. */
    static BindingIndex.Holder holder(Subject subject, String bindingNamespace) {
        return switch (subject.getKind()) {
            case "User" -> new BindingIndex.Holder(bindingNamespace, false, subject.getName());
            case "Group" -> new BindingIndex.Holder(bindingNamespace, true, subject.getName());
            case "ServiceAccount" -> {
                String namespace = subject.getNamespace().isEmpty() ? bindingNamespace : subject.getNamespace();
                yield namespace.isEmpty()
                        ? null
                        : new BindingIndex.Holder(
                                bindingNamespace, false, Groups.serviceAccountUser(namespace, subject.getName()));
            }
            default -> null;
        };
    }
}

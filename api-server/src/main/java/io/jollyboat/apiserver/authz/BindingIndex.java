package io.jollyboat.apiserver.authz;

import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.kinds.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Bindings by who holds them. Written under a lock, read without. */
final class BindingIndex {
    private final Map<Holder, List<Grant>> grants = new ConcurrentHashMap<>();
    private final Map<ObjectKey, Set<Holder>> holders = new ConcurrentHashMap<>();

    /** @param namespace of the binding, empty for a cluster role binding */
    record Holder(String namespace, boolean group, String name) {}

    /** One binding for one of its subjects. */
    record Grant(ObjectKey binding, RoleRef role, Subject subject) {
        /** Upstream's words for where a permission comes from. */
        String describe() {
            String namespace = binding.namespace();
            String what = namespace.isEmpty()
                    ? "ClusterRoleBinding " + GoText.quoted(binding.name())
                    : "RoleBinding " + GoText.quoted(binding.name() + "/" + namespace);
            return what + " of " + role.getKind() + " " + GoText.quoted(role.getName()) + " to "
                    + describeSubject(namespace);
        }

        private String describeSubject(String bindingNamespace) {
            if (!subject.getKind().equals("ServiceAccount")) {
                return subject.getKind() + " " + GoText.quoted(subject.getName());
            }
            String namespace = subject.getNamespace().isEmpty() ? bindingNamespace : subject.getNamespace();
            return "ServiceAccount " + GoText.quoted(subject.getName() + "/" + namespace);
        }
    }

    List<Grant> ofUser(String namespace, String user) {
        return grants.getOrDefault(new Holder(namespace, false, user), List.of());
    }

    List<Grant> ofGroup(String namespace, String group) {
        return grants.getOrDefault(new Holder(namespace, true, group), List.of());
    }

    synchronized void put(ObjectKey binding, RoleRef role, List<Subject> subjects) {
        Set<Holder> now = new HashSet<>();
        for (Subject subject : subjects) {
            Holder holder = RbacRules.holder(subject, binding.namespace());
            if (holder != null && now.add(holder)) {
                replace(holder, binding, new Grant(binding, role, subject));
            }
        }
        Set<Holder> before = holders.put(binding, now);
        if (before != null) {
            before.stream().filter(holder -> !now.contains(holder)).forEach(holder -> replace(holder, binding, null));
        }
    }

    synchronized void remove(ObjectKey binding) {
        Set<Holder> before = holders.remove(binding);
        if (before != null) {
            before.forEach(holder -> replace(holder, binding, null));
        }
    }

    private void replace(Holder holder, ObjectKey binding, Grant grant) {
        List<Grant> next = new ArrayList<>(grants.getOrDefault(holder, List.of()));
        next.removeIf(present -> present.binding().equals(binding));
        if (grant != null) {
            next.add(grant);
            // By name: which of several bindings is told must not depend on which was made first.
            next.sort(Comparator.comparing(present -> present.binding().name()));
        }
        if (next.isEmpty()) {
            grants.remove(holder);
        } else {
            grants.put(holder, List.copyOf(next));
        }
    }
}

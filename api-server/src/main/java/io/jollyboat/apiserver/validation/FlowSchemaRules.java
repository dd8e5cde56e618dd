package io.jollyboat.apiserver.validation;

import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.FlowSchemaSpec;
import io.jollyboat.api.flowcontrol.v1.NonResourcePolicyRule;
import io.jollyboat.api.flowcontrol.v1.PolicyRulesWithSubjects;
import io.jollyboat.api.flowcontrol.v1.ResourcePolicyRule;
import io.jollyboat.api.flowcontrol.v1.Subject;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of flow schemas. */
final class FlowSchemaRules {
    private static final int LOWEST_PRECEDENCE = 10_000;
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");

    private FlowSchemaRules() {}

    static void create(Errors errors, FlowSchema schema) {
        MetaRules.check(errors, schema.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        String name = schema.getMetadata().getName();
        spec(errors, name, schema.getSpec());
        FlowSchemaSpec fixed = FixedFlows.schema(name);
        if (fixed != null && !schema.getSpec().equals(fixed)) {
            errors.invalid("spec", Errors.shown(schema.getSpec()), "spec of '" + name + "' must equal the fixed value");
        }
        status(errors, schema);
    }

    static void update(Errors errors, FlowSchema schema, FlowSchema old) {
        MetaRules.checkUpdate(errors, schema.getMetadata(), old.getMetadata(), "metadata");
        create(errors, schema);
    }

    static void statusUpdate(Errors errors, FlowSchema schema, FlowSchema old) {
        MetaRules.checkUpdate(errors, schema.getMetadata(), old.getMetadata(), "metadata");
        status(errors, schema);
    }

    private static void status(Errors errors, FlowSchema schema) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < schema.getStatus().getConditionsCount(); i++) {
            String type = schema.getStatus().getConditions(i).getType();
            String at = "status.conditions[" + i + "].type";
            if (!types.add(type)) {
                errors.duplicate(at, type);
            }
            if (type.isEmpty()) {
                errors.required(at);
            }
        }
    }

    private static void spec(Errors errors, String name, FlowSchemaSpec spec) {
        int precedence = spec.getMatchingPrecedence();
        if (precedence <= 0) {
            errors.invalid("spec.matchingPrecedence", precedence, "must be a positive value");
        }
        if (precedence > LOWEST_PRECEDENCE) {
            errors.invalid("spec.matchingPrecedence", precedence, "must not be greater than " + LOWEST_PRECEDENCE);
        }
        if (precedence == 1 && !name.equals("exempt")) {
            errors.invalid(
                    "spec.matchingPrecedence",
                    precedence,
                    "only the schema named 'exempt' may have matchingPrecedence 1");
        }
        List<String> methods = List.of("ByNamespace", "ByUser");
        if (spec.hasDistinguisherMethod()
                && !methods.contains(spec.getDistinguisherMethod().getType())) {
            errors.notSupported("spec.distinguisherMethod.type", Errors.shown(spec.getDistinguisherMethod()), methods);
        }
        String level = spec.getPriorityLevelConfiguration().getName();
        if (level.isEmpty()) {
            errors.required("spec.priorityLevelConfiguration.name", "must reference a priority level");
        } else {
            errors.invalid("spec.priorityLevelConfiguration.name", level, Names.dns1123Subdomain(level));
        }
        for (int i = 0; i < spec.getRulesCount(); i++) {
            rule(errors, spec.getRules(i), "spec.rules[" + i + "]");
        }
    }

    private static void rule(Errors errors, PolicyRulesWithSubjects rule, String path) {
        if (rule.getSubjectsCount() == 0) {
            errors.required(path + ".subjects", "subjects must contain at least one value");
        }
        for (int i = 0; i < rule.getSubjectsCount(); i++) {
            subject(errors, rule.getSubjects(i), path + ".subjects[" + i + "]");
        }
        if (rule.getResourceRulesCount() == 0 && rule.getNonResourceRulesCount() == 0) {
            errors.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        for (int i = 0; i < rule.getResourceRulesCount(); i++) {
            resources(errors, rule.getResourceRules(i), path + ".resourceRules[" + i + "]");
        }
        for (int i = 0; i < rule.getNonResourceRulesCount(); i++) {
            urls(errors, rule.getNonResourceRules(i), path + ".nonResourceRules[" + i + "]");
        }
    }

    private static void subject(Errors errors, Subject subject, String path) {
        switch (subject.getKind()) {
            case "ServiceAccount" -> serviceAccount(errors, subject, path + ".serviceAccount");
            case "User" -> named(errors, subject.hasUser(), subject.getUser().getName(), path, "user", "User");
            case "Group" -> named(errors, subject.hasGroup(), subject.getGroup().getName(), path, "group", "Group");
            default -> {
                errors.notSupported(path + ".kind", subject.getKind(), List.of("Group", "ServiceAccount", "User"));
                return;
            }
        }
        forbidden(errors, subject, subject.hasServiceAccount(), path, "serviceAccount", "ServiceAccount");
        forbidden(errors, subject, subject.hasUser(), path, "user", "User");
        forbidden(errors, subject, subject.hasGroup(), path, "group", "Group");
    }

    private static void forbidden(Errors errors, Subject subject, boolean set, String path, String field, String kind) {
        if (set && !subject.getKind().equals(kind)) {
            errors.forbidden(path + "." + field, field + " is forbidden when subject kind is not '" + kind + "'");
        }
    }

    private static void named(Errors errors, boolean set, String name, String path, String field, String kind) {
        if (!set) {
            errors.required(path + "." + field, field + " is required when subject kind is '" + kind + "'");
        } else if (name.isEmpty()) {
            errors.required(path + "." + field + ".name");
        }
    }

    private static void serviceAccount(Errors errors, Subject subject, String path) {
        if (!subject.hasServiceAccount()) {
            errors.required(path, "serviceAccount is required when subject kind is 'ServiceAccount'");
            return;
        }
        String name = subject.getServiceAccount().getName();
        String space = subject.getServiceAccount().getNamespace();
        if (errors.present(path + ".name", name) && !name.equals("*")) {
            errors.invalid(path + ".name", name, Names.dns1123Subdomain(name));
        }
        if (space.isEmpty()) {
            errors.required(path + ".namespace", "must specify namespace for service account");
        } else {
            errors.invalid(path + ".namespace", space, Names.dns1123Label(space));
        }
    }

    private static void verbs(Errors errors, List<String> verbs, String path) {
        if (verbs.isEmpty()) {
            errors.required(path, "verbs must contain at least one value");
        } else if (verbs.contains("*")) {
            alone(errors, verbs, path, "verbs");
        } else if (!VERBS.containsAll(verbs)) {
            errors.notSupported(path, Errors.shown(verbs), VERBS);
        }
    }

    /** The star stands for all, so nothing may stand beside it. */
    private static void alone(Errors errors, List<String> values, String path, String what) {
        if (values.size() > 1 && values.contains("*")) {
            errors.invalid(path, Errors.shown(values), "if '*' is present, must not specify other " + what);
        }
    }

    private static void resources(Errors errors, ResourcePolicyRule rule, String path) {
        verbs(errors, rule.getVerbsList(), path + ".verbs");
        if (rule.getApiGroupsCount() == 0) {
            errors.required(path + ".apiGroups", "resource rules must supply at least one api group");
        }
        alone(errors, rule.getApiGroupsList(), path + ".apiGroups", "api groups");
        if (rule.getResourcesCount() == 0) {
            errors.required(path + ".resources", "resource rules must supply at least one resource");
        }
        alone(errors, rule.getResourcesList(), path + ".resources", "resources");
        List<String> spaces = rule.getNamespacesList();
        if (spaces.isEmpty() && !rule.getClusterScope()) {
            errors.required(
                    path + ".namespaces",
                    "resource rules that are not cluster scoped must supply at least one namespace");
        } else if (spaces.contains("*")) {
            alone(errors, spaces, path + ".namespaces", "namespaces");
        } else {
            for (int i = 0; i < spaces.size(); i++) {
                for (String problem : Names.dns1123Label(spaces.get(i))) {
                    errors.invalid(
                            path + ".namespaces[" + i + "]",
                            spaces.get(i),
                            "each member of this list must be '*' or a DNS-1123 label; " + problem);
                }
            }
        }
    }

    private static void urls(Errors errors, NonResourcePolicyRule rule, String path) {
        verbs(errors, rule.getVerbsList(), path + ".verbs");
        List<String> urls = rule.getNonResourceURLsList();
        if (urls.isEmpty()) {
            errors.required(path + ".nonResourceURLs", "nonResourceURLs must contain at least one value");
        } else if (urls.contains("*")) {
            alone(errors, urls, path + ".nonResourceURLs", "non-resource URLs");
        } else {
            for (int i = 0; i < urls.size(); i++) {
                String problem = urlProblem(urls.get(i));
                if (!problem.isEmpty()) {
                    errors.invalid(path + ".nonResourceURLs[" + i + "]", urls.get(i), problem);
                }
            }
        }
    }

    private static String urlProblem(String url) {
        if (url.isEmpty()) {
            return "must not be empty";
        }
        if (!url.startsWith("/")) {
            return "must start with slash";
        }
        if (url.contains(" ")) {
            return "must not contain white-space";
        }
        if (url.contains("//")) {
            return "must not contain double slash";
        }
        int star = url.indexOf('*');
        boolean suffix = star < 0 || (url.endsWith("/*") && star == url.length() - 1);
        return suffix ? "" : "wildcard can only do suffix matching";
    }
}

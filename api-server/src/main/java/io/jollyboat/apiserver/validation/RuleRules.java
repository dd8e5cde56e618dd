package io.jollyboat.apiserver.validation;

import io.jollyboat.api.admissionregistration.v1.NamedRuleWithOperations;
import io.jollyboat.api.admissionregistration.v1.Rule;
import io.jollyboat.api.admissionregistration.v1.RuleWithOperations;
import io.jollyboat.values.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of what says which requests a webhook or an admission policy sees. */
final class RuleRules {
    private static final String[] OPERATIONS = {"*", "CONNECT", "CREATE", "DELETE", "UPDATE"};

    private RuleRules() {}

    static void named(Errors errors, NamedRuleWithOperations rule, String path) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rule.getResourceNamesCount(); i++) {
            String name = rule.getResourceNames(i);
            String at = path + ".resourceNames[" + i + "]";
            errors.invalid(at, name, Names.pathSegment(name));
            if (!names.add(name)) {
                errors.duplicate(at, name);
            }
        }
        check(errors, rule.getRuleWithOperations(), path);
    }

    static void check(Errors errors, RuleWithOperations rule, String path) {
        List<String> operations = rule.getOperationsList();
        if (operations.isEmpty()) {
            errors.required(path + ".operations");
        }
        alone(errors, operations, path + ".operations", "operations");
        for (int i = 0; i < operations.size(); i++) {
            errors.oneOf(path + ".operations[" + i + "]", operations.get(i), OPERATIONS);
        }
        rule(errors, rule.getRule(), path);
    }

    private static void alone(Errors errors, List<String> values, String path, String what) {
        if (values.size() > 1 && values.contains("*")) {
            errors.invalid(path, Errors.shown(values), "if '*' is present, must not specify other " + what);
        }
    }

    private static void rule(Errors errors, Rule rule, String path) {
        if (rule.getApiGroupsCount() == 0) {
            errors.required(path + ".apiGroups");
        }
        alone(errors, rule.getApiGroupsList(), path + ".apiGroups", "API groups");
        if (rule.getApiVersionsCount() == 0) {
            errors.required(path + ".apiVersions");
        }
        alone(errors, rule.getApiVersionsList(), path + ".apiVersions", "API versions");
        for (int i = 0; i < rule.getApiVersionsCount(); i++) {
            errors.present(path + ".apiVersions[" + i + "]", rule.getApiVersions(i));
        }
        resources(errors, rule.getResourcesList(), path + ".resources");
        if (rule.hasScope()) {
            errors.oneOf(path + ".scope", rule.getScope(), "*", "Cluster", "Namespaced");
        }
    }

    private static void resources(Errors errors, List<String> resources, String path) {
        if (resources.isEmpty()) {
            errors.required(path);
        }
        Set<String> allSubresources = new HashSet<>();
        Set<String> everywhere = new HashSet<>();
        boolean plain = false;
        for (int i = 0; i < resources.size(); i++) {
            String resource = resources.get(i);
            String at = path + "[" + i + "]";
            if (!errors.present(at, resource)) {
                continue;
            }
            int slash = resource.indexOf('/');
            if (slash < 0) {
                plain = !resource.equals("*");
                continue;
            }
            String name = resource.substring(0, slash);
            String sub = resource.substring(slash + 1);
            if (allSubresources.contains(name)) {
                errors.invalid(at, resource, "if '" + name + "/*' is present, must not specify " + resource);
            }
            if (everywhere.contains(sub)) {
                errors.invalid(at, resource, "if '*/" + sub + "' is present, must not specify " + resource);
            }
            if (sub.equals("*")) {
                allSubresources.add(name);
            }
            if (name.equals("*")) {
                everywhere.add(sub);
            }
        }
        if (resources.size() > 1 && resources.contains("*/*")) {
            errors.invalid(path, Errors.shown(resources), "if '*/*' is present, must not specify other resources");
        }
        if (plain && resources.contains("*")) {
            errors.invalid(
                    path,
                    Errors.shown(resources),
                    "if '*' is present, must not specify other resources without subresources");
        }
    }
}

package io.jollyboat.apiserver.authz;

import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.apiserver.auth.RequestAttributes;
import java.util.ArrayList;
import java.util.List;

/** A policy rule, ready to be asked. */
record Rule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {
    private static final String ALL = "*";

    static Rule of(PolicyRule rule) {
        return new Rule(
                List.copyOf(rule.getVerbsList()),
                List.copyOf(rule.getApiGroupsList()),
                List.copyOf(rule.getResourcesList()),
                List.copyOf(rule.getResourceNamesList()),
                List.copyOf(rule.getNonResourceURLsList()));
    }

    static List<Rule> all(List<PolicyRule> rules) {
        return rules.stream().map(Rule::of).toList();
    }

    PolicyRule toMessage() {
        return PolicyRule.newBuilder()
                .addAllVerbs(verbs)
                .addAllApiGroups(apiGroups)
                .addAllResources(resources)
                .addAllResourceNames(resourceNames)
                .addAllNonResourceURLs(nonResourceUrls)
                .build();
    }

    boolean allows(RequestAttributes attributes) {
        if (!hasOrAll(verbs, attributes.verb())) {
            return false;
        }
        if (!attributes.resourceRequest()) {
            return allowsPath(attributes.path());
        }
        return hasOrAll(apiGroups, attributes.apiGroup())
                && allowsResource(attributes.resource(), attributes.subresource())
                && (resourceNames.isEmpty() || resourceNames.contains(attributes.name()));
    }

    private static boolean hasOrAll(List<String> values, String value) {
        for (String candidate : values) {
            if (candidate.equals(value) || candidate.equals(ALL)) {
                return true;
            }
        }
        return false;
    }

    private boolean allowsResource(String resource, String subresource) {
        for (String candidate : resources) {
            if (candidate.equals(ALL)) {
                return true;
            }
            if (subresource.isEmpty()) {
                if (candidate.equals(resource)) {
                    return true;
                }
            } else if (isSubresource(candidate, resource, subresource)) {
                return true;
            }
        }
        return false;
    }

    // "pods/log" or "*/log", without building the string.
    private static boolean isSubresource(String candidate, String resource, String subresource) {
        int slash = candidate.length() - subresource.length() - 1;
        if (slash < 0 || candidate.charAt(slash) != '/' || !candidate.endsWith(subresource)) {
            return false;
        }
        return (slash == 1 && candidate.charAt(0) == '*')
                || (slash == resource.length() && candidate.startsWith(resource));
    }

    private boolean allowsPath(String path) {
        for (String candidate : nonResourceUrls) {
            if (pathCovers(candidate, path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the pattern, which may end in stars, holds the path or the narrower pattern. */
    static boolean pathCovers(String pattern, String path) {
        if (pattern.equals(path)) {
            return true;
        }
        int end = pattern.length();
        while (end > 0 && pattern.charAt(end - 1) == '*') {
            end--;
        }
        return end < pattern.length() && path.regionMatches(0, pattern, 0, end);
    }

    /** Rules with at most one verb, one group, one resource and one name each, that together say the same. */
    List<Rule> breakDown() {
        List<Rule> parts = new ArrayList<>();
        for (String group : apiGroups) {
            for (String resource : resources) {
                for (String verb : verbs) {
                    if (resourceNames.isEmpty()) {
                        parts.add(new Rule(List.of(verb), List.of(group), List.of(resource), List.of(), List.of()));
                    }
                    for (String name : resourceNames) {
                        parts.add(new Rule(List.of(verb), List.of(group), List.of(resource), List.of(name), List.of()));
                    }
                }
            }
        }
        for (String url : nonResourceUrls) {
            for (String verb : verbs) {
                parts.add(new Rule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return parts;
    }

    /** Whether whoever has this rule may do all that the other one allows; the other one is a part of a broken down rule. */
    boolean covers(Rule part) {
        return coversAll(verbs, part.verbs)
                && coversAll(apiGroups, part.apiGroups)
                && part.resources.stream().allMatch(this::coversResource)
                && part.nonResourceUrls.stream()
                        .allMatch(path -> nonResourceUrls.stream().anyMatch(own -> pathCovers(own, path)))
                && (resourceNames.isEmpty()
                        || (!part.resourceNames.isEmpty() && resourceNames.containsAll(part.resourceNames)));
    }

    private static boolean coversAll(List<String> own, List<String> wanted) {
        return own.contains(ALL) || own.containsAll(wanted);
    }

    private boolean coversResource(String wanted) {
        if (resources.contains(ALL) || resources.contains(wanted)) {
            return true;
        }
        int slash = wanted.indexOf('/');
        return slash >= 0 && resources.contains(ALL + wanted.substring(slash));
    }

    /** Upstream's short form for messages. */
    String describe() {
        List<String> parts = new ArrayList<>();
        describe(parts, "APIGroups", apiGroups);
        describe(parts, "Resources", resources);
        describe(parts, "NonResourceURLs", nonResourceUrls);
        describe(parts, "ResourceNames", resourceNames);
        describe(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void describe(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":" + GoText.quoted(values));
        }
    }
}

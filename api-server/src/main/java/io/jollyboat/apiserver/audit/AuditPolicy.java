package io.jollyboat.apiserver.audit;

import io.jollyboat.apiserver.auth.RequestAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of which request is written: the first rule that matches says it, and none says nothing. A file of upstream's form. */
record AuditPolicy(
        String apiVersion,
        String kind,
        Map<String, String> metadata,
        List<Rule> rules,
        List<String> omitStages,
        boolean omitManagedFields) {
    AuditPolicy {
        if (!apiVersion.equals("audit.k8s.io/v1") || !kind.equals("Policy")) {
            throw new IllegalArgumentException(
                    "apiVersion: must be audit.k8s.io/v1, and kind Policy; found " + apiVersion + ", " + kind);
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("rules: loaded illegal policy with 0 rules");
        }
        omitStages.forEach(AuditStage::of);
    }

    static AuditPolicy defaults() {
        return new AuditPolicy("audit.k8s.io/v1", "Policy", Map.of(), List.of(Rule.ANY), List.of(), false);
    }

    /** What holds for one request. */
    record Decision(AuditLevel level, Set<AuditStage> omitted, boolean omitManagedFields) {
        static final Decision NOTHING = new Decision(AuditLevel.NONE, Set.of(), false);
    }

    Decision decide(RequestAttributes request) {
        for (Rule rule : rules) {
            if (rule.matches(request)) {
                Set<AuditStage> omitted = EnumSet.noneOf(AuditStage.class);
                omitStages.forEach(stage -> omitted.add(AuditStage.of(stage)));
                rule.omitStages().forEach(stage -> omitted.add(AuditStage.of(stage)));
                return new Decision(
                        AuditLevel.of(rule.level()),
                        omitted,
                        rule.omitManagedFields().orElse(omitManagedFields));
            }
        }
        return Decision.NOTHING;
    }

    /** Lists that are empty match everything. */
    record Rule(
            String level,
            List<String> users,
            List<String> userGroups,
            List<String> verbs,
            List<Resources> resources,
            List<String> namespaces,
            List<String> nonResourceURLs,
            List<String> omitStages,
            Optional<Boolean> omitManagedFields) {
        static final Rule ANY = new Rule(
                "None", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty());

        Rule {
            AuditLevel.of(level);
            omitStages.forEach(AuditStage::of);
            if (!nonResourceURLs.isEmpty() && !(resources.isEmpty() && namespaces.isEmpty())) {
                throw new IllegalArgumentException(
                        "nonResourceURLs: rules cannot apply to both regular resources and non-resource URLs");
            }
            for (String url : nonResourceURLs) {
                if (!url.equals("*") && !url.startsWith("/")) {
                    throw new IllegalArgumentException("nonResourceURLs: Invalid value: \"" + url
                            + "\": non-resource URL rules must begin with a '/' character");
                }
                if (!url.equals("*") && url.substring(0, url.length() - 1).contains("*")) {
                    throw new IllegalArgumentException("nonResourceURLs: Invalid value: \"" + url
                            + "\": non-resource URL wildcards '*' must be the final character of the rule");
                }
            }
        }

        boolean matches(RequestAttributes request) {
            if (!(users.isEmpty() || users.contains(request.user().name()))
                    || !(userGroups.isEmpty()
                            || request.user().groups().stream().anyMatch(userGroups::contains))
                    || !(verbs.isEmpty() || verbs.contains(request.verb()))) {
                return false;
            }
            if (!namespaces.isEmpty() || !resources.isEmpty()) {
                return request.resourceRequest()
                        && (namespaces.isEmpty() || namespaces.contains(request.namespace()))
                        && (resources.isEmpty() || resources.stream().anyMatch(group -> group.matches(request)));
            }
            return nonResourceURLs.isEmpty()
                    || (!request.resourceRequest()
                            && nonResourceURLs.stream().anyMatch(url -> covers(url, request.path())));
        }

        private static boolean covers(String url, String path) {
            return url.equals(path) || (url.endsWith("*") && path.startsWith(url.substring(0, url.length() - 1)));
        }
    }

    /** @param group empty for the core group, a star for all */
    record Resources(String group, List<String> resources, List<String> resourceNames) {
        static Resources defaults() {
            return new Resources("", List.of(), List.of());
        }

        boolean matches(RequestAttributes request) {
            if (!group.equals("*") && !group.equals(request.apiGroup())) {
                return false;
            }
            return resources.isEmpty()
                    || ((resourceNames.isEmpty() || resourceNames.contains(request.name()))
                            && resources.stream().anyMatch(resource -> covers(resource, request)));
        }

        private static boolean covers(String wanted, RequestAttributes request) {
            String sub = request.subresource();
            String whole = sub.isEmpty() ? request.resource() : request.resource() + "/" + sub;
            return wanted.equals("*")
                    || wanted.equals(whole)
                    || (!sub.isEmpty() && wanted.equals("*/" + sub))
                    || wanted.equals(request.resource() + "/*");
        }
    }
}

package io.jollyboat.apiserver.flow;

import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.NonResourcePolicyRule;
import io.jollyboat.api.flowcontrol.v1.PolicyRulesWithSubjects;
import io.jollyboat.api.flowcontrol.v1.ResourcePolicyRule;
import io.jollyboat.api.flowcontrol.v1.Subject;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.request.RequestInfo;
import java.util.List;

/** A FlowSchema beside the level that it leads to. */
record Flow(FlowSchema schema, PriorityLevel level) {
    private static final String ALL = "*";
    private static final String ACCOUNT = "system:serviceaccount:";

    String name() {
        return schema.getMetadata().getName();
    }

    String uid() {
        return schema.getMetadata().getUid();
    }

    boolean matches(RequestInfo info, UserInfo user) {
        for (PolicyRulesWithSubjects rule : schema.getSpec().getRulesList()) {
            if (isSubject(rule.getSubjectsList(), user)
                    && (info.resourceRequest()
                            ? resource(rule.getResourceRulesList(), info)
                            : path(rule.getNonResourceRulesList(), info))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSubject(List<Subject> subjects, UserInfo user) {
        for (Subject subject : subjects) {
            if (isSubject(subject, user)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSubject(Subject subject, UserInfo user) {
        return switch (subject.getKind()) {
            case "User" -> is(subject.getUser().getName(), user.name());
            case "Group" ->
                subject.getGroup().getName().equals(ALL)
                        || user.groups().contains(subject.getGroup().getName());
            case "ServiceAccount" ->
                isAccount(
                        user.name(),
                        subject.getServiceAccount().getNamespace(),
                        subject.getServiceAccount().getName());
            default -> false;
        };
    }

    private static boolean isAccount(String user, String namespace, String name) {
        if (!user.startsWith(ACCOUNT) || !user.startsWith(namespace + ":", ACCOUNT.length())) {
            return false;
        }
        int at = ACCOUNT.length() + namespace.length() + 1;
        return name.equals(ALL) || (user.startsWith(name, at) && user.length() == at + name.length());
    }

    private static boolean is(String wanted, String given) {
        return wanted.equals(ALL) || wanted.equals(given);
    }

    private static boolean resource(List<ResourcePolicyRule> rules, RequestInfo info) {
        for (ResourcePolicyRule rule : rules) {
            if (contains(rule.getVerbsList(), info.verb())
                    && resource(rule, info)
                    && contains(rule.getApiGroupsList(), info.group())
                    && (info.namespace().isEmpty()
                            ? rule.getClusterScope()
                            : contains(rule.getNamespacesList(), info.namespace()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean resource(ResourcePolicyRule rule, RequestInfo info) {
        return info.subresource().isEmpty()
                ? contains(rule.getResourcesList(), info.resource())
                : contains(rule.getResourcesList(), info.resource() + "/" + info.subresource());
    }

    private static boolean path(List<NonResourcePolicyRule> rules, RequestInfo info) {
        for (NonResourcePolicyRule rule : rules) {
            if (contains(rule.getVerbsList(), info.verb())) {
                for (String url : rule.getNonResourceURLsList()) {
                    if (covers(url, info.path())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean covers(String url, String path) {
        if (is(url, path)) {
            return true;
        }
        String prefix = url.endsWith(ALL) ? url.substring(0, url.length() - 1) : url;
        return path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
    }

    /** A lone star is everything; among others it is itself. */
    private static boolean contains(List<String> list, String value) {
        return (list.size() == 1 && list.getFirst().equals(ALL)) || list.contains(value);
    }

    /** What sets this request's flow apart from others of the schema. */
    long hash(RequestInfo info, UserInfo user) {
        String distinguisher = switch (schema.getSpec().getDistinguisherMethod().getType()) {
            case "ByUser" -> user.name();
            case "ByNamespace" -> info.namespace();
            default -> "";
        };
        return Hand.hash(name(), distinguisher);
    }
}

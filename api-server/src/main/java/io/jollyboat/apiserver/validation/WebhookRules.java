package io.jollyboat.apiserver.validation;

import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.api.admissionregistration.v1.MutatingWebhook;
import io.jollyboat.api.admissionregistration.v1.MutatingWebhookConfiguration;
import io.jollyboat.api.admissionregistration.v1.ServiceReference;
import io.jollyboat.api.admissionregistration.v1.ValidatingWebhook;
import io.jollyboat.api.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.jollyboat.api.admissionregistration.v1.WebhookClientConfig;
import io.jollyboat.apiserver.policy.PolicyEnvironment;
import io.jollyboat.values.Names;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of webhook configurations; their conditions must compile. */
final class WebhookRules {
    private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");
    private static final int MOST_CONDITIONS = 64;
    private static final String URL_FORM = "; desired format: https://host[/path]";

    private WebhookRules() {}

    static void validating(Errors errors, ValidatingWebhookConfiguration configuration) {
        MetaRules.check(errors, configuration.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < configuration.getWebhooksCount(); i++) {
            ValidatingWebhook hook = configuration.getWebhooks(i);
            String at = "webhooks[" + i + "]";
            hook(errors, alike(hook), false, at);
            reviewVersions(errors, hook.getAdmissionReviewVersionsList(), at + ".admissionReviewVersions");
            unique(errors, names, hook.getName(), at);
        }
    }

    static void mutating(Errors errors, MutatingWebhookConfiguration configuration) {
        MetaRules.check(errors, configuration.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < configuration.getWebhooksCount(); i++) {
            MutatingWebhook hook = configuration.getWebhooks(i);
            String at = "webhooks[" + i + "]";
            hook(errors, hook, true, at);
            reviewVersions(errors, hook.getAdmissionReviewVersionsList(), at + ".admissionReviewVersions");
            unique(errors, names, hook.getName(), at);
        }
    }

    private static void unique(Errors errors, Set<String> names, String name, String path) {
        if (!name.isEmpty() && !names.add(name)) {
            errors.duplicate(path + ".name", name);
        }
    }

    /** A mutating hook has all that a validating one has. */
    private static MutatingWebhook alike(ValidatingWebhook hook) {
        MutatingWebhook.Builder alike = MutatingWebhook.newBuilder()
                .setName(hook.getName())
                .setClientConfig(hook.getClientConfig())
                .addAllRules(hook.getRulesList())
                .setNamespaceSelector(hook.getNamespaceSelector())
                .setObjectSelector(hook.getObjectSelector())
                .addAllMatchConditions(hook.getMatchConditionsList());
        if (hook.hasFailurePolicy()) {
            alike.setFailurePolicy(hook.getFailurePolicy());
        }
        if (hook.hasMatchPolicy()) {
            alike.setMatchPolicy(hook.getMatchPolicy());
        }
        if (hook.hasSideEffects()) {
            alike.setSideEffects(hook.getSideEffects());
        }
        if (hook.hasTimeoutSeconds()) {
            alike.setTimeoutSeconds(hook.getTimeoutSeconds());
        }
        return alike.build();
    }

    private static void hook(Errors errors, MutatingWebhook hook, boolean mutates, String path) {
        name(errors, hook.getName(), path + ".name");
        for (int i = 0; i < hook.getRulesCount(); i++) {
            RuleRules.check(errors, hook.getRules(i), path + ".rules[" + i + "]");
        }
        if (hook.hasFailurePolicy()) {
            errors.oneOf(path + ".failurePolicy", hook.getFailurePolicy(), "Fail", "Ignore");
        }
        if (hook.hasMatchPolicy()) {
            errors.oneOf(path + ".matchPolicy", hook.getMatchPolicy(), "Equivalent", "Exact");
        }
        if (hook.hasSideEffects()) {
            errors.oneOf(path + ".sideEffects", hook.getSideEffects(), "None", "NoneOnDryRun");
        } else {
            errors.required(path + ".sideEffects", "must specify one of None, NoneOnDryRun");
        }
        int seconds = hook.getTimeoutSeconds();
        if (hook.hasTimeoutSeconds() && (seconds > 30 || seconds < 1)) {
            errors.invalid(path + ".timeoutSeconds", seconds, "the timeout value must be between 1 and 30 seconds");
        }
        CommonRules.selector(errors, hook.getNamespaceSelector(), path + ".namespaceSelector");
        CommonRules.selector(errors, hook.getObjectSelector(), path + ".objectSelector");
        if (mutates && hook.hasReinvocationPolicy()) {
            errors.oneOf(path + ".reinvocationPolicy", hook.getReinvocationPolicy(), "IfNeeded", "Never");
        }
        client(errors, hook.getClientConfig(), path + ".clientConfig");
        conditions(errors, hook.getMatchConditionsList(), path + ".matchConditions", false);
    }

    private static void name(Errors errors, String name, String path) {
        if (!errors.present(path, name)) {
            return;
        }
        List<String> problems = Names.dns1123Subdomain(name);
        if (!problems.isEmpty()) {
            errors.invalid(path, name, String.join(",", problems));
        } else if (name.split("\\.").length < 3) {
            errors.invalid(path, name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void client(Errors errors, WebhookClientConfig config, String path) {
        if (config.hasUrl() == config.hasService()) {
            errors.required(path, "exactly one of url or service is required");
        } else if (config.hasUrl()) {
            url(errors, config.getUrl(), path + ".url");
        } else {
            ServiceReference service = config.getService();
            service(
                    errors,
                    service.getName(),
                    service.getNamespace(),
                    service.getPath(),
                    service.getPort(),
                    path + ".service");
        }
    }

    /** Where a webhook is, wherever one is named. */
    static void url(Errors errors, String text, String path) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            errors.required(path, "url must be a valid URL: " + e.getMessage() + URL_FORM);
            return;
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme();
        if (!scheme.equals("https")) {
            errors.invalid(path, scheme, "'https' is the only allowed URL scheme" + URL_FORM);
        }
        if (url.getRawAuthority() == null || url.getRawAuthority().isEmpty()) {
            errors.invalid(path, "", "host must be specified" + URL_FORM);
        }
        if (url.getRawUserInfo() != null) {
            errors.invalid(path, url.getRawUserInfo(), "user information is not permitted in the URL");
        }
        if (url.getRawFragment() != null && !url.getRawFragment().isEmpty()) {
            errors.invalid(path, url.getFragment(), "fragments are not permitted in the URL");
        }
        if (url.getRawQuery() != null && !url.getRawQuery().isEmpty()) {
            errors.invalid(path, url.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    static void service(Errors errors, String name, String space, String urlPath, int port, String path) {
        // Upstream has the two the wrong way round: what is missing is called by the other's name.
        errors.present(path + ".name", space);
        errors.present(path + ".namespace", name);
        List<String> problems = Names.portNumber(port);
        if (!problems.isEmpty()) {
            errors.invalid(path + ".port", port, "port is not valid: " + String.join(", ", problems));
        }
        if (urlPath.isEmpty() || urlPath.equals("/")) {
            return;
        }
        if (urlPath.equals("//")) {
            errors.invalid(path + ".path", urlPath, "segment[0] may not be empty");
            return;
        }
        if (!urlPath.startsWith("/")) {
            errors.invalid(path + ".path", urlPath, "must start with a '/'");
        }
        String rest = urlPath.substring(1);
        String[] steps = (rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest).split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].isEmpty()) {
                errors.invalid(path + ".path", urlPath, "segment[" + i + "] may not be empty");
                continue;
            }
            for (String problem : Names.dns1123Subdomain(steps[i])) {
                errors.invalid(path + ".path", urlPath, "segment[" + i + "]: " + problem);
            }
        }
    }

    private static void reviewVersions(Errors errors, List<String> versions, String path) {
        if (versions.isEmpty()) {
            errors.required(path, "must specify one of " + String.join(", ", REVIEW_VERSIONS));
        } else {
            listedReviewVersions(errors, versions, path);
        }
    }

    /** The rules of the versions of reviews that a webhook says it understands, where it names any. */
    static void listedReviewVersions(Errors errors, List<String> versions, String path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            String at = path + "[" + i + "]";
            if (!seen.add(versions.get(i))) {
                errors.invalid(at, versions.get(i), "duplicate version");
                continue;
            }
            errors.invalid(at, versions.get(i), Names.dns1035Label(versions.get(i)));
        }
        if (REVIEW_VERSIONS.stream().noneMatch(seen::contains)) {
            errors.invalid(
                    path, Errors.shown(versions), "must include at least one of " + String.join(", ", REVIEW_VERSIONS));
        }
    }

    static void conditions(Errors errors, List<MatchCondition> conditions, String path, boolean params) {
        if (conditions.size() > MOST_CONDITIONS) {
            errors.tooMany(path, conditions.size(), MOST_CONDITIONS);
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String at = path + "[" + i + "]";
            String name = conditions.get(i).getName();
            String expression = conditions.get(i).getExpression();
            if (errors.present(at + ".expression", expression.strip())) {
                AdmissionPolicyRules.compiled(
                        errors, at + ".expression", expression, PolicyEnvironment.condition(expression, params));
            }
            if (errors.present(at + ".name", name)) {
                errors.invalid(at + ".name", name, Names.qualifiedName(name));
                if (!names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
        }
    }
}

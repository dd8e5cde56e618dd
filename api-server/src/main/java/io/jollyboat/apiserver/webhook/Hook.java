package io.jollyboat.apiserver.webhook;

import io.jollyboat.api.admissionregistration.v1.MatchCondition;
import io.jollyboat.api.admissionregistration.v1.MutatingWebhook;
import io.jollyboat.api.admissionregistration.v1.RuleWithOperations;
import io.jollyboat.api.admissionregistration.v1.ValidatingWebhook;
import io.jollyboat.api.admissionregistration.v1.WebhookClientConfig;
import io.jollyboat.selectors.LabelMatcher;
import io.jollyboat.selectors.LabelSelectors;
import java.time.Duration;
import java.util.List;

/**
 * One webhook of a configuration, of either kind.
 *
 * @param id unique among all webhooks
 * @param ignore whether failures of the call are overlooked
 * @param quiet whether it may be asked about dry runs
 * @param again whether it wants to see what others changed after it
 */
record Hook(
        String id,
        String configuration,
        String name,
        HookClient.Location location,
        List<RuleWithOperations> rules,
        boolean ignore,
        boolean equivalent,
        LabelMatcher namespaces,
        LabelMatcher objects,
        boolean quiet,
        Duration timeout,
        List<String> reviewVersions,
        List<MatchCondition> conditions,
        boolean again) {
    static Hook of(String configuration, int index, MutatingWebhook hook) {
        return new Hook(
                configuration + "/" + hook.getName() + "/" + index,
                configuration,
                hook.getName(),
                location(hook.getClientConfig()),
                hook.getRulesList(),
                hook.getFailurePolicy().equals("Ignore"),
                !hook.getMatchPolicy().equals("Exact"),
                LabelSelectors.of(hook.getNamespaceSelector()),
                LabelSelectors.of(hook.getObjectSelector()),
                quiet(hook.getSideEffects()),
                timeout(hook.hasTimeoutSeconds(), hook.getTimeoutSeconds()),
                hook.getAdmissionReviewVersionsList(),
                hook.getMatchConditionsList(),
                hook.getReinvocationPolicy().equals("IfNeeded"));
    }

    static Hook of(String configuration, int index, ValidatingWebhook hook) {
        return new Hook(
                configuration + "/" + hook.getName() + "/" + index,
                configuration,
                hook.getName(),
                location(hook.getClientConfig()),
                hook.getRulesList(),
                hook.getFailurePolicy().equals("Ignore"),
                !hook.getMatchPolicy().equals("Exact"),
                LabelSelectors.of(hook.getNamespaceSelector()),
                LabelSelectors.of(hook.getObjectSelector()),
                quiet(hook.getSideEffects()),
                timeout(hook.hasTimeoutSeconds(), hook.getTimeoutSeconds()),
                hook.getAdmissionReviewVersionsList(),
                hook.getMatchConditionsList(),
                false);
    }

    private static boolean quiet(String sideEffects) {
        return sideEffects.equals("None") || sideEffects.equals("NoneOnDryRun");
    }

    private static Duration timeout(boolean set, int seconds) {
        return Duration.ofSeconds(set ? seconds : 10);
    }

    private static HookClient.Location location(WebhookClientConfig config) {
        var service = config.getService();
        return new HookClient.Location(
                config.getUrl(),
                service.getNamespace(),
                service.getName(),
                service.getPort(),
                service.getPath(),
                config.getCaBundle());
    }
}

package io.jollyboat.apiserver.validation;

import io.jollyboat.api.apiextensions.v1.CustomResourceConversion;
import io.jollyboat.api.apiextensions.v1.ServiceReference;
import io.jollyboat.api.apiextensions.v1.WebhookClientConfig;
import java.util.List;

/** The rules of how custom resources are converted. */
final class CrdConversionRules {
    private CrdConversionRules() {}

    static void check(Errors errors, CustomResourceConversion conversion, String path) {
        if (errors.present(path + ".strategy", conversion.getStrategy())) {
            errors.oneOf(path + ".strategy", conversion.getStrategy(), "None", "Webhook");
        }
        String at = path + ".webhookClientConfig";
        List<String> versions = conversion.getWebhook().getConversionReviewVersionsList();
        boolean configured = conversion.getWebhook().hasClientConfig();
        if (conversion.getStrategy().equals("Webhook")) {
            if (configured) {
                client(errors, conversion.getWebhook().getClientConfig(), at);
            } else {
                errors.required(at, "required when strategy is set to Webhook");
            }
            versions(errors, versions, path + ".conversionReviewVersions");
            return;
        }
        String detail = "should not be set when strategy is not set to Webhook";
        if (configured) {
            errors.forbidden(at, detail);
        }
        if (!versions.isEmpty()) {
            errors.forbidden(path + ".conversionReviewVersions", detail);
        }
    }

    private static void client(Errors errors, WebhookClientConfig config, String path) {
        if (config.hasUrl() == config.hasService()) {
            errors.required(path, "exactly one of url or service is required");
        } else if (config.hasUrl()) {
            WebhookRules.url(errors, config.getUrl(), path + ".url");
        } else {
            ServiceReference service = config.getService();
            WebhookRules.service(
                    errors,
                    service.getName(),
                    service.getNamespace(),
                    service.getPath(),
                    service.getPort(),
                    path + ".service");
        }
    }

    private static void versions(Errors errors, List<String> versions, String path) {
        if (versions.isEmpty()) {
            errors.required(path);
        } else {
            WebhookRules.listedReviewVersions(errors, versions, path);
        }
    }
}

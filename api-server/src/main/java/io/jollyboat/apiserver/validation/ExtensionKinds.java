package io.jollyboat.apiserver.validation;

import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.MutatingAdmissionPolicyBinding;
import io.jollyboat.api.admissionregistration.v1.MutatingWebhookConfiguration;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.jollyboat.api.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiregistration.v1.APIService;

/** Validators of what extends the API. */
final class ExtensionKinds {
    private ExtensionKinds() {}

    static void addTo(Validator.Registry registry) {
        registry.add(CustomResourceDefinition.class, CrdRules::create, CrdRules::update);
        registry.subresource(CustomResourceDefinition.class, "status", CrdRules::statusUpdate);
        registry.add(APIService.class, ApiServiceRules::check);
        registry.subresource(APIService.class, "status", ApiServiceRules::statusUpdate);
        registry.add(ValidatingWebhookConfiguration.class, WebhookRules::validating);
        registry.add(MutatingWebhookConfiguration.class, WebhookRules::mutating);
        registry.add(ValidatingAdmissionPolicy.class, AdmissionPolicyRules::check);
        registry.add(ValidatingAdmissionPolicyBinding.class, MatchRules::validating);
        registry.add(MutatingAdmissionPolicy.class, MutatingPolicyRules::check);
        registry.add(MutatingAdmissionPolicyBinding.class, MatchRules::mutating);
    }
}

package io.jollyboat.apiserver;

import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.admission.AdmissionChain;
import io.jollyboat.apiserver.admission.AdmissionContext;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.NamespaceMatch;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.authn.IdentityReviews;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.custom.CustomConverter;
import io.jollyboat.apiserver.custom.CustomRules;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.discovery.ServerVersion;
import io.jollyboat.apiserver.openapi.OpenApi;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.patch.PatchForm;
import io.jollyboat.apiserver.patch.Patched;
import io.jollyboat.apiserver.patch.Patches;
import io.jollyboat.apiserver.policy.MatchConditions;
import io.jollyboat.apiserver.policy.MutatingPolicies;
import io.jollyboat.apiserver.policy.ValidatingPolicies;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.EquivalentVersions;
import io.jollyboat.apiserver.request.ObjectRules;
import io.jollyboat.apiserver.request.Patcher;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.apiserver.request.VirtualResource;
import io.jollyboat.apiserver.rest.OpenApiDocuments;
import io.jollyboat.apiserver.security.Security;
import io.jollyboat.apiserver.validation.Validators;
import io.jollyboat.apiserver.validation.Warnings;
import io.jollyboat.apiserver.webhook.ConversionWebhook;
import io.jollyboat.apiserver.webhook.ServiceAddress;
import io.jollyboat.apiserver.webhook.Webhooks;
import io.jollyboat.defaults.Defaults;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What joins the parts of the server that do not know each other. */
final class ServerParts {
    private static final List<String> REVIEWS = List.of(
            "subjectaccessreviews.authorization.k8s.io",
            "localsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectrulesreviews.authorization.k8s.io",
            "tokenreviews.authentication.k8s.io",
            "selfsubjectreviews.authentication.k8s.io");

    private ServerParts() {}

    static ObjectRules rules() {
        return new ObjectRules() {
            @Override
            public Message withDefaults(ResourceType<?> type, Message object) {
                return object instanceof CustomObject custom
                        ? CustomRules.withDefaults(type, custom)
                        : Defaults.apply(object);
            }

            @Override
            public List<FieldError> onCreate(ResourceType<?> type, Message object) {
                return object instanceof CustomObject custom
                        ? CustomRules.onCreate(type, custom)
                        : Validators.validateCreate(type, object);
            }

            @Override
            public List<String> warnings(Message object, Message old) {
                return object instanceof CustomObject custom
                        ? CustomRules.warnings(custom, (CustomObject) old)
                        : Warnings.of(object, old);
            }

            @Override
            public List<FieldError> onUpdate(ResourceType<?> type, Message object, Message old, String subresource) {
                if (object instanceof CustomObject custom) {
                    return CustomRules.onUpdate(type, custom, (CustomObject) old, subresource);
                }
                return subresource.isEmpty()
                        ? Validators.validateUpdate(type, object, old)
                        : Validators.validateSubresource(type, object, old, subresource);
            }
        };
    }

    /** What can be got is stored; the rest is only posted, or made up when asked for. */
    static boolean isStored(ResourceType<?> type) {
        return type.rules().getVerbsList().contains("watch");
    }

    static Patcher patcher() {
        return (call, object, apiVersion, kind, form, patch) -> {
            PatchForm how = switch (form) {
                case JSON -> PatchForm.JSON;
                case MERGE -> PatchForm.MERGE;
                case STRATEGIC_MERGE -> PatchForm.STRATEGIC_MERGE;
                case APPLY -> throw ApiException.of(501, "NotImplemented", "server-side apply is not implemented yet");
            };
            Patched<?> patched = Patches.apply(object, apiVersion, kind, how, patch, call.fieldValidation());
            patched.warnings().forEach(call::warn);
            return patched.object();
        };
    }

    /** How objects of a definition get from one version to another. */
    static Function<CustomResourceDefinition, CustomConverter> converters(
            Runtime runtime, HttpCaller calls, Security security) {
        ServiceAddress services = new ServiceAddress(security.objects());
        return definition -> definition.getSpec().getConversion().getStrategy().equals("Webhook")
                ? new ConversionWebhook(runtime, calls, services, definition)
                : CustomConverter.NONE;
    }

    static OpenApiDocuments openApi(ServedKinds kinds) {
        return new OpenApi(kinds, ServerVersion.API_VERSION);
    }

    static Webhooks webhooks(
            Runtime runtime,
            ObjectStorages storages,
            Security security,
            HttpCaller calls,
            ServedKinds kinds,
            Metrics metrics) {
        return new Webhooks(
                runtime,
                metrics,
                storages,
                calls,
                new ServiceAddress(security.objects()),
                namespaces(security),
                new EquivalentVersions(kinds.all()),
                new MatchConditions(namespaces(security), security.authorizer()),
                ServerParts::completed);
    }

    /** What webhooks and policies changed, without fields that there are not, and with its defaults. */
    private static Message completed(ResourceType<?> type, Message object) {
        return object instanceof CustomObject custom
                ? CustomRules.withDefaults(type, CustomRules.pruned(type, custom, unknown -> {}))
                : Defaults.apply(object);
    }

    private static NamespaceMatch namespaces(Security security) {
        return new NamespaceMatch(security.objects(), security.live());
    }

    static ValidatingPolicies policies(ObjectStorages storages, Security security, ServedKinds kinds) {
        return new ValidatingPolicies(
                storages,
                (version, kind) -> served(kinds, version, kind),
                namespaces(security),
                new EquivalentVersions(kinds.all()),
                security.authorizer());
    }

    static MutatingPolicies mutatingPolicies(ObjectStorages storages, Security security, ServedKinds kinds) {
        return new MutatingPolicies(
                storages,
                (version, kind) -> served(kinds, version, kind),
                namespaces(security),
                new EquivalentVersions(kinds.all()),
                security.authorizer(),
                ResourceService.schemas(),
                ServerParts::completed);
    }

    private static Optional<ResourceType<?>> served(ServedKinds kinds, String apiVersion, String kind) {
        return kinds.all().stream()
                .filter(type ->
                        type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
                .findFirst();
    }

    /** The text of a file that was checked before. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    static Map<String, VirtualResource> virtualResources(Security security, AdmissionChain admission) {
        Map<String, VirtualResource> all = new HashMap<>();
        for (String review : REVIEWS) {
            all.put(review, (call, target, body) -> review(security, admission, call, target, body));
        }
        all.put("serviceaccounts/token", (call, target, body) -> token(security, admission, call, target, body));
        return all;
    }

    private static Message token(Security security, AdmissionChain admission, Call call, Target target, Message body) {
        AdmissionRequest request = new AdmissionRequest(
                AdmissionRequest.Operation.CREATE,
                call.user(),
                target.type(),
                target.namespace(),
                target.name(),
                target.subresource(),
                null,
                call.dryRun(),
                call.warnings(),
                call.audit(),
                ObjectKind.of("authentication.k8s.io/v1", "TokenRequest"),
                null,
                new AdmissionContext());
        Message admitted = admission.mutate(request, body);
        admission.validate(request, admitted);
        return security.tokenIssuer().issue(target.namespace(), target.name(), (TokenRequest) admitted, call::warn);
    }

    /** Those who complete see it before it is looked at, those who judge after; upstream's policies do not see it. */
    private static Message review(Security security, AdmissionChain admission, Call call, Target target, Message body) {
        AdmissionRequest request = new AdmissionRequest(
                AdmissionRequest.Operation.CREATE,
                call.user(),
                target.type(),
                target.namespace(),
                target.type().meta(body).getName(),
                "",
                null,
                call.dryRun(),
                call.warnings(),
                call.audit(),
                null,
                null,
                new AdmissionContext());
        Message admitted = admission.mutate(request, body);
        Message answer = answer(security, call, target, admitted);
        admission.validate(request, admitted);
        return answer;
    }

    private static Message answer(Security security, Call call, Target target, Message body) {
        IdentityReviews.Notes notes = new IdentityReviews.Notes() {
            @Override
            public void warn(String text) {
                call.warn(text);
            }

            @Override
            public void audit(String key, String value) {
                call.audit().add(key, value);
            }
        };
        return security.review(call.user(), target.namespace(), body, notes)
                .orElseThrow(() -> new IllegalStateException("no review: " + target.type()));
    }

    static Map<String, Supplier<byte[]>> documents(Security security) {
        return Map.of(
                io.jollyboat.apiserver.tokens.OidcDocuments.CONFIGURATION_PATH,
                security.oidc()::configuration,
                io.jollyboat.apiserver.tokens.OidcDocuments.KEYS_PATH,
                security.oidc()::keys);
    }
}

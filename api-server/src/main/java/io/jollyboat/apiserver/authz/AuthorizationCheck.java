package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.authz.AuthorizationConfiguration.AuthorizerEntry;
import io.jollyboat.apiserver.authz.AuthorizationConfiguration.ConnectionInfo;
import io.jollyboat.apiserver.authz.AuthorizationConfiguration.MatchCondition;
import io.jollyboat.apiserver.authz.AuthorizationConfiguration.Webhook;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.errors.FieldError;
import io.jollyboat.values.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an authorization file may say, with upstream's texts. */
final class AuthorizationCheck {
    private static final Set<String> VERSIONS =
            Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "apiserver.config.k8s.io/v1alpha1");
    private static final List<String> TYPES = List.of("ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook");
    private static final int MOST_CONDITIONS = 64;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final List<FieldError> errors = new ArrayList<>();
    private final Set<String> types = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private AuthorizationCheck() {}

    /**
     * All that is wrong.
     *
     * @param required types that must be among the authorizers
     */
    static List<String> errors(AuthorizationConfiguration config, Set<String> required) {
        List<String> texts = new ArrayList<>();
        if (!VERSIONS.contains(config.apiVersion().orElse(""))
                || !config.kind().orElse("").equals("AuthorizationConfiguration")) {
            texts.add("no kind \"" + config.kind().orElse("") + "\" is registered for version \""
                    + config.apiVersion().orElse("") + "\": apiVersion must be apiserver.config.k8s.io/v1, and kind"
                    + " AuthorizationConfiguration");
        }
        AuthorizationCheck check = new AuthorizationCheck();
        check.authorizers(config.authorizers());
        check.errors.forEach(error -> texts.add(error.field() + ": " + error.detail()));
        if (texts.isEmpty()) {
            namesAndTypes(config.authorizers(), required, texts);
        }
        return texts;
    }

    private static void namesAndTypes(List<AuthorizerEntry> authorizers, Set<String> required, List<String> texts) {
        Set<String> missing = new TreeSet<>(required);
        for (AuthorizerEntry entry : authorizers) {
            String type = entry.type().orElse("");
            missing.remove(type);
            String expected = type.toLowerCase(Locale.ROOT);
            if (!entry.isWebhook() && !entry.name().orElse("").equals(expected)) {
                texts.add("expected name " + expected + " for authorizer " + type + " instead of "
                        + entry.name().orElse(""));
            }
            if (type.equals("ABAC")) {
                texts.add("authorizer type ABAC: this server has none, RBAC is there");
            }
        }
        if (!missing.isEmpty()) {
            texts.add("missing required types: [" + String.join(" ", missing) + "]");
        }
    }

    private void authorizers(List<AuthorizerEntry> authorizers) {
        if (authorizers.isEmpty()) {
            errors.add(FieldError.required("authorizers", "at least one authorization mode must be defined"));
        }
        for (int i = 0; i < authorizers.size(); i++) {
            authorizer("authorizers[" + i + "]", authorizers.get(i));
        }
    }

    private void authorizer(String path, AuthorizerEntry entry) {
        String type = entry.type().orElse("");
        if (type.isEmpty()) {
            errors.add(FieldError.required(path + ".type", ""));
            return;
        }
        if (!TYPES.contains(type)) {
            errors.add(notSupported(path + ".type", type, TYPES));
            return;
        }
        if (!types.add(type) && !entry.isWebhook()) {
            errors.add(FieldError.duplicate(path + ".type", type));
            return;
        }
        name(path + ".name", entry.name().orElse(""));
        if (entry.isWebhook()) {
            entry.webhook()
                    .ifPresentOrElse(
                            webhook -> webhook(path, webhook),
                            () -> errors.add(FieldError.required(path + ".webhook", "required when type=Webhook")));
        } else if (entry.webhook().isPresent()) {
            errors.add(FieldError.invalid(path + ".webhook", "non-null", "may only be specified when type=Webhook"));
        }
    }

    private void name(String path, String name) {
        if (name.isEmpty()) {
            errors.add(FieldError.required(path, ""));
        } else if (!names.add(name)) {
            errors.add(FieldError.duplicate(path, name));
        } else {
            List<String> wrong = Names.dns1123Subdomain(name);
            if (!wrong.isEmpty()) {
                errors.add(FieldError.invalid(path, name, "authorizer name is invalid: " + String.join(", ", wrong)));
            }
        }
    }

    /** Upstream's paths leave out the key of the webhook itself. */
    private void webhook(String path, Webhook webhook) {
        if (webhook.timeout().isZero()) {
            errors.add(FieldError.required(path + ".timeout", ""));
        } else if (webhook.timeout().isNegative() || webhook.timeout().compareTo(LONGEST) > 0) {
            errors.add(FieldError.invalid(
                    path + ".timeout", GoText.duration(webhook.timeout()), "must be > 0s and <= 30s"));
        }
        ttl(path + ".authorizedTTL", webhook.authorizedTTL());
        ttl(path + ".unauthorizedTTL", webhook.unauthorizedTTL());
        oneOf(path + ".subjectAccessReviewVersion", webhook.subjectAccessReviewVersion(), List.of("v1", "v1beta1"));
        String conditions = path + ".matchConditionSubjectAccessReviewVersion";
        if (!webhook.matchConditionSubjectAccessReviewVersion().isEmpty()) {
            oneOf(conditions, webhook.matchConditionSubjectAccessReviewVersion(), List.of("v1"));
        } else if (!webhook.matchConditions().isEmpty()) {
            errors.add(FieldError.required(conditions, "required if match conditions are specified"));
        }
        oneOf(path + ".failurePolicy", webhook.failurePolicy(), List.of("NoOpinion", "Deny"));
        connection(path + ".connectionInfo", webhook.connectionInfo());
        conditions(path + ".matchConditions", webhook.matchConditions());
    }

    private void ttl(String path, Duration ttl) {
        if (ttl.isNegative()) {
            errors.add(FieldError.invalid(path, GoText.duration(ttl), "must be > 0s"));
        }
    }

    private void oneOf(String path, String value, List<String> known) {
        if (value.isEmpty()) {
            errors.add(FieldError.required(path, ""));
        } else if (!known.contains(value)) {
            errors.add(notSupported(path, value, known));
        }
    }

    private void connection(String path, ConnectionInfo info) {
        String file = info.kubeConfigFile().orElse("");
        String key = path + ".kubeConfigFile";
        switch (info.type()) {
            case "" -> errors.add(FieldError.required(path + ".type", ""));
            case "InClusterConfig" ->
                errors.add(FieldError.invalid(
                        path + ".type", info.type(), "the API server cannot ask itself, use KubeConfigFile"));
            case "KubeConfigFile" -> {
                Path named = Path.of(file);
                if (file.isEmpty()) {
                    errors.add(FieldError.required(key, ""));
                } else if (!named.isAbsolute()) {
                    errors.add(FieldError.invalid(key, file, "must be an absolute path"));
                } else if (!Files.exists(named)) {
                    errors.add(FieldError.invalid(
                            key, file, "error loading file: stat " + file + ": no such file or directory"));
                } else if (!Files.isRegularFile(named)) {
                    errors.add(FieldError.invalid(key, file, "must be a regular file"));
                }
            }
            default ->
                errors.add(notSupported(path + ".type", info.type(), List.of("InClusterConfig", "KubeConfigFile")));
        }
    }

    private void conditions(String path, List<MatchCondition> conditions) {
        if (conditions.size() > MOST_CONDITIONS) {
            errors.add(FieldError.of(
                    FieldError.Type.TOO_MANY,
                    path,
                    conditions.size(),
                    "must have at most " + MOST_CONDITIONS + " items"));
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String key = path + "[" + i + "].expression";
            String expression = conditions.get(i).expression();
            if (expression.isBlank()) {
                errors.add(FieldError.required(key, ""));
            } else if (!seen.add(expression)) {
                errors.add(FieldError.duplicate(key, expression));
            } else if (ReviewConditions.compile(expression) instanceof CelCompilation.Failure failure) {
                errors.add(FieldError.invalid(key, expression, failure.message()));
            }
        }
    }

    private static FieldError notSupported(String path, String value, List<String> known) {
        String texts = known.stream().map(FieldError::quoted).collect(Collectors.joining(", "));
        return FieldError.of(FieldError.Type.NOT_SUPPORTED, path, value, "supported values: " + texts);
    }
}

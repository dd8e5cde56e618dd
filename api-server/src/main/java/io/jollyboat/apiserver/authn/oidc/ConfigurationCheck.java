package io.jollyboat.apiserver.authn.oidc;

import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Anonymous;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.ClaimMappings;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.ClaimRule;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Extra;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Issuer;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.JwtAuthenticator;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Mapping;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What no such configuration may say; expressions are compiled apart. */
final class ConfigurationCheck {
    private static final Set<String> VERSIONS =
            Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "apiserver.config.k8s.io/v1alpha1");
    private static final int MOST = 64;

    private final List<String> errors = new ArrayList<>();

    private ConfigurationCheck() {}

    /** @throws IllegalArgumentException that names all that is wrong */
    static void check(String apiVersion, String kind, List<JwtAuthenticator> jwt, Optional<Anonymous> anonymous) {
        ConfigurationCheck check = new ConfigurationCheck();
        check.require(VERSIONS.contains(apiVersion), "apiVersion: must be apiserver.config.k8s.io/v1");
        check.require(kind.equals("AuthenticationConfiguration"), "kind: must be AuthenticationConfiguration");
        check.require(jwt.size() <= MOST, "jwt: must have at most " + MOST + " items");
        Set<String> urls = new HashSet<>();
        for (int i = 0; i < jwt.size(); i++) {
            String path = "jwt[" + i + "]";
            JwtAuthenticator one = jwt.get(i);
            check.issuer(path + ".issuer", one.issuer());
            check.require(urls.add(one.issuer().url()), path + ".issuer.url: duplicate value");
            check.rules(path + ".claimValidationRules", one.claimValidationRules());
            check.mappings(path + ".claimMappings", one);
        }
        anonymous.ifPresent(rule -> check.require(
                rule.enabled() || rule.conditions().isEmpty(),
                "anonymous.conditions: enabled should be set to true when conditions are defined"));
        if (!check.errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", check.errors));
        }
    }

    private void require(boolean holds, String error) {
        if (!holds) {
            errors.add(error);
        }
    }

    private void issuer(String path, Issuer issuer) {
        url(path + ".url", issuer.url());
        issuer.discoveryURL().ifPresent(url -> {
            url(path + ".discoveryURL", url);
            require(!url.equals(issuer.url()), path + ".discoveryURL: discoveryURL must be different from URL");
        });
        require(!issuer.audiences().isEmpty(), path + ".audiences: at least one audience is required");
        String policy = issuer.audienceMatchPolicy().orElse("");
        if (issuer.audiences().size() > 1) {
            require(
                    policy.equals("MatchAny"),
                    path + ".audienceMatchPolicy: audienceMatchPolicy must be MatchAny for multiple audiences");
        } else {
            require(
                    policy.isEmpty() || policy.equals("MatchAny"),
                    path + ".audienceMatchPolicy: audienceMatchPolicy must be empty or MatchAny for single audience");
        }
    }

    private void url(String path, String text) {
        try {
            URI url = new URI(text);
            require("https".equals(url.getScheme()), path + ": URL scheme must be https");
            require(url.getUserInfo() == null, path + ": URL must not contain a username or password");
            require(url.getQuery() == null, path + ": URL must not contain a query");
            require(url.getFragment() == null, path + ": URL must not contain a fragment");
        } catch (URISyntaxException e) {
            errors.add(path + ": " + e.getMessage());
        }
    }

    private void rules(String path, List<ClaimRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            ClaimRule rule = rules.get(i);
            String here = path + "[" + i + "]";
            boolean claim = rule.claim().isPresent();
            boolean expression = rule.expression().isPresent();
            require(!claim || !expression, here + ": claim and expression can't both be set");
            require(claim || expression, here + ": claim or expression is required");
            require(!claim || rule.message().isEmpty(), here + ".message: may not be specified when claim is set");
            require(
                    !expression || rule.requiredValue().isEmpty(),
                    here + ".requiredValue: may not be specified when expression is set");
        }
    }

    private void mappings(String path, JwtAuthenticator one) {
        ClaimMappings mappings = one.claimMappings();
        prefixed(path + ".username", mappings.username());
        mappings.groups().ifPresent(groups -> prefixed(path + ".groups", groups));
        mappings.uid()
                .ifPresent(uid -> require(
                        uid.claim().isPresent() != uid.expression().isPresent(),
                        path + ".uid: either claim or expression must be set"));
        mappings.uid().ifPresent(uid -> require(uid.prefix().isEmpty(), path + ".uid.prefix: unknown key"));
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < mappings.extra().size(); i++) {
            extra(path + ".extra[" + i + "].key", mappings.extra().get(i), keys);
        }
        String username = mappings.username().expression().orElse("");
        boolean verified = username.contains("claims.email_verified")
                || one.claimValidationRules().stream()
                        .anyMatch(rule -> rule.expression().orElse("").contains("claims.email_verified"))
                || mappings.extra().stream()
                        .anyMatch(extra -> extra.valueExpression().contains("claims.email_verified"));
        require(
                verified || !username.matches("(?s).*\\bclaims\\.email\\b.*"),
                path + ".username.expression: claims.email_verified must be used in claimMappings.username.expression"
                        + " or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when"
                        + " claims.email is used in claimMappings.username.expression");
    }

    private void prefixed(String path, Mapping mapping) {
        boolean claim = mapping.claim().isPresent();
        boolean expression = mapping.expression().isPresent();
        require(!claim || !expression, path + ": claim and expression can't both be set");
        require(claim || expression, path + ": claim or expression is required");
        require(
                !expression || mapping.prefix().isEmpty(),
                path + ".prefix: may not be specified when expression is set");
        require(
                !claim || mapping.prefix().isPresent(),
                path + ".prefix: prefix is required when claim is set. It can be set to an empty string to disable"
                        + " prefixing");
    }

    private void extra(String path, Extra extra, Set<String> keys) {
        String key = extra.key();
        String domain = key.contains("/") ? key.substring(0, key.indexOf('/')) : "";
        require(!domain.isEmpty(), path + ": must be a domain-prefixed path (such as \"acme.io/foo\")");
        require(key.equals(key.toLowerCase(Locale.ROOT)), path + ": must be lowercase");
        require(
                !("." + domain).endsWith(".k8s.io") && !("." + domain).endsWith(".kubernetes.io"),
                path + ": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use");
        require(keys.add(key), path + ": duplicate value");
    }
}

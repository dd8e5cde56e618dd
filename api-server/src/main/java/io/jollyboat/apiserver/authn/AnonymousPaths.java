package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Anonymous;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Anonymous.Condition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where nobody needs to say who he is; what he may do there is another question.
 *
 * @param paths empty for all
 */
record AnonymousPaths(boolean enabled, Set<String> paths) {
    /** Where nothing is configured, as upstream: anyone may ask, and the authorizers let him see health and version. */
    private static final AnonymousPaths USUAL = new AnonymousPaths(true, Set.of());

    static AnonymousPaths of(Optional<Anonymous> configured) {
        return configured
                .map(rule -> new AnonymousPaths(rule.enabled(), paths(rule.conditions())))
                .orElse(USUAL);
    }

    private static Set<String> paths(List<Condition> conditions) {
        return conditions.stream().map(Condition::path).collect(Collectors.toUnmodifiableSet());
    }

    /** @param path empty at the door that has none */
    boolean allows(String path) {
        return enabled && !path.isEmpty() && (paths.isEmpty() || paths.contains(path));
    }
}

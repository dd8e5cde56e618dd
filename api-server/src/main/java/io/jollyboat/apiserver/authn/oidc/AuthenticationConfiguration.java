package io.jollyboat.apiserver.authn.oidc;

import java.util.List;
import java.util.Optional;

/**
 * Who is trusted to say who somebody is: the file of that kind, with upstream's keys.
 *
 * @param jwt issuers of tokens, tried in order
 * @param anonymous empty for the server's usual way
 */
public record AuthenticationConfiguration(
        String apiVersion, String kind, List<JwtAuthenticator> jwt, Optional<Anonymous> anonymous) {
    public AuthenticationConfiguration {
        ConfigurationCheck.check(apiVersion, kind, jwt, anonymous);
    }

    /** One issuer, and what its tokens say. */
    public record JwtAuthenticator(
            Issuer issuer,
            List<ClaimRule> claimValidationRules,
            ClaimMappings claimMappings,
            List<UserRule> userValidationRules) {}

    /**
     * @param discoveryURL where the issuer is asked for its keys; empty for the usual place below the url
     * @param certificateAuthority of the issuer's server, in PEM; empty for those that the machine trusts
     * @param audiences one of which a token must be for
     */
    public record Issuer(
            String url,
            Optional<String> discoveryURL,
            Optional<String> certificateAuthority,
            List<String> audiences,
            Optional<String> audienceMatchPolicy) {}

    /** Either a claim with the value that it must have, or an expression that must be true. */
    public record ClaimRule(
            Optional<String> claim,
            Optional<String> requiredValue,
            Optional<String> expression,
            Optional<String> message) {}

    /** An expression that must be true of the user. */
    public record UserRule(String expression, Optional<String> message) {}

    /** What of the user comes from where. */
    public record ClaimMappings(Mapping username, Optional<Mapping> groups, Optional<Mapping> uid, List<Extra> extra) {}

    /** A claim with a prefix before it, or an expression. */
    public record Mapping(Optional<String> claim, Optional<String> prefix, Optional<String> expression) {}

    /** One more thing that is known of the user. */
    public record Extra(String key, String valueExpression) {}

    /** @param conditions the only paths for it; empty for all */
    public record Anonymous(boolean enabled, List<Condition> conditions) {
        /** A path. */
        public record Condition(String path) {}
    }
}

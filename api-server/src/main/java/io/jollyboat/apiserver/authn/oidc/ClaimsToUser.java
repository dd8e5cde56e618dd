package io.jollyboat.apiserver.authn.oidc;

import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.ClaimRule;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Extra;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.JwtAuthenticator;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Mapping;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.UserRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes a user of verified claims. */
final class ClaimsToUser {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JwtAuthenticator config;
    private final Map<String, Expression> expressions = new HashMap<>();

    /**
     * @param path of the authenticator in its file
     * @throws IllegalArgumentException when an expression does not compile
     */
    ClaimsToUser(String path, JwtAuthenticator config) {
        this.config = config;
        String mappings = path + ".claimMappings";
        compile(mappings + ".username.expression", config.claimMappings().username());
        config.claimMappings().groups().ifPresent(groups -> compile(mappings + ".groups.expression", groups));
        config.claimMappings().uid().ifPresent(uid -> compile(mappings + ".uid.expression", uid));
        for (Extra extra : config.claimMappings().extra()) {
            claims(mappings + ".extra.valueExpression", extra.valueExpression());
        }
        for (ClaimRule rule : config.claimValidationRules()) {
            rule.expression().ifPresent(text -> claims(path + ".claimValidationRules.expression", text));
        }
        for (UserRule rule : config.userValidationRules()) {
            String where = path + ".userValidationRules.expression";
            expressions.put("user " + rule.expression(), Expression.compile(where, "user", rule.expression()));
        }
    }

    private void compile(String path, Mapping mapping) {
        mapping.expression().ifPresent(text -> claims(path, text));
    }

    private void claims(String path, String text) {
        expressions.put("claims " + text, Expression.compile(path, "claims", text));
    }

    private Expression claims(String text) {
        return expressions.get("claims " + text);
    }

    UserInfo user(ObjectNode claims) throws RefusedToken {
        String name = name(claims);
        List<String> groups = groups(claims);
        String uid = uid(claims);
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (Extra one : config.claimMappings().extra()) {
            List<String> values =
                    claims(one.valueExpression()).strings(claims, "extra claim expression: " + one.valueExpression());
            if (!values.isEmpty()) {
                extra.put(one.key(), values);
            }
        }
        for (ClaimRule rule : config.claimValidationRules()) {
            check(rule, claims);
        }
        UserInfo user = new UserInfo(name, uid, List.copyOf(groups), extra);
        for (UserRule rule : config.userValidationRules()) {
            expressions
                    .get("user " + rule.expression())
                    .requireTrue(
                            json(user),
                            "user info validation rule",
                            rule.message().orElse(""));
        }
        return user;
    }

    private String name(ObjectNode claims) throws RefusedToken {
        Mapping mapping = config.claimMappings().username();
        if (mapping.expression().isPresent()) {
            String name = claims(mapping.expression().get())
                    .string(claims, "username claim expression", "username claim expression");
            if (name.isEmpty()) {
                throw new RefusedToken("oidc: empty username via CEL expression is not allowed");
            }
            return name;
        }
        String claim = mapping.claim().orElseThrow();
        String name = text(claims, claim, "oidc: parse username claims \"" + claim + "\": ");
        // An address that nobody verified names whoever claims it.
        if (claim.equals("email") && claims.has("email_verified")) {
            JsonNode verified = claims.path("email_verified");
            if (!verified.isBoolean()) {
                throw new RefusedToken("oidc: parse 'email_verified' claim: not a boolean");
            }
            if (!verified.asBoolean()) {
                throw new RefusedToken("oidc: email not verified");
            }
        }
        return mapping.prefix().orElse("") + name;
    }

    private List<String> groups(ObjectNode claims) throws RefusedToken {
        Mapping mapping = config.claimMappings().groups().orElse(null);
        if (mapping == null) {
            return List.of();
        }
        if (mapping.expression().isPresent()) {
            return claims(mapping.expression().get()).strings(claims, "group claim expression");
        }
        String claim = mapping.claim().orElseThrow();
        JsonNode value = claims.path(claim);
        List<String> groups = new ArrayList<>();
        if (!value.isMissingNode()) {
            for (JsonNode group : value.isArray() ? value : List.of(value)) {
                if (!group.isString()) {
                    throw new RefusedToken(
                            "oidc: parse groups claim \"" + claim + "\": json: cannot unmarshal into a string");
                }
                groups.add(mapping.prefix().orElse("") + group.asString());
            }
        }
        return groups;
    }

    private String uid(ObjectNode claims) throws RefusedToken {
        Mapping mapping = config.claimMappings().uid().orElse(null);
        if (mapping == null) {
            return "";
        }
        if (mapping.expression().isPresent()) {
            return claims(mapping.expression().get()).string(claims, "uid claim expression", "uid claim expression");
        }
        String claim = mapping.claim().orElseThrow();
        return text(claims, claim, "oidc: parse uid claim \"" + claim + "\": ");
    }

    private static String text(ObjectNode claims, String claim, String error) throws RefusedToken {
        JsonNode value = claims.path(claim);
        if (value.isMissingNode()) {
            throw new RefusedToken(error + "claim not present");
        }
        if (!value.isString()) {
            throw new RefusedToken(error + "json: cannot unmarshal into a string");
        }
        return value.asString();
    }

    private void check(ClaimRule rule, ObjectNode claims) throws RefusedToken {
        if (rule.expression().isPresent()) {
            claims(rule.expression().get())
                    .requireTrue(
                            claims,
                            "claim validation expression",
                            rule.message().orElse(""));
            return;
        }
        String claim = rule.claim().orElseThrow();
        if (!claims.has(claim)) {
            throw new RefusedToken("oidc: required claim " + claim + " not present in ID token");
        }
        String value = text(claims, claim, "oidc: parse claim " + claim + ": ");
        String wanted = rule.requiredValue().orElse("");
        if (!value.equals(wanted)) {
            throw new RefusedToken(
                    "oidc: required claim " + claim + " value does not match. Got = " + value + ", want = " + wanted);
        }
    }

    private static ObjectNode json(UserInfo user) {
        ObjectNode json = JSON.objectNode();
        json.put("username", user.name());
        json.put("uid", user.uid());
        user.groups().forEach(json.putArray("groups")::add);
        ObjectNode extra = json.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        return json;
    }
}

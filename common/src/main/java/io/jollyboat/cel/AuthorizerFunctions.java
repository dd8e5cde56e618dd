package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.OpaqueType;
import io.jollyboat.values.Names;

/** Kubernetes' authorizer library. */
final class AuthorizerFunctions {

    static final OpaqueType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    static final OpaqueType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    static final OpaqueType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    static final OpaqueType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    static final OpaqueType DECISION = OpaqueType.create("kubernetes.authorization.Decision");

    private AuthorizerFunctions() {}

    /** Asks for one user. */
    record Authorizer(AuthorizationCheck check) implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.authorization.Authorizer";
        }
    }

    record PathCheck(AuthorizationCheck check, String path) implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.authorization.PathCheck";
        }
    }

    record GroupCheck(AuthorizationCheck check, String group) implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.authorization.GroupCheck";
        }
    }

    record ResourceCheck(
            AuthorizationCheck check,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String fieldSelector,
            String labelSelector)
            implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.authorization.ResourceCheck";
        }
    }

    record Decision(AuthorizationCheck.Answer answer) implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.authorization.Decision";
        }
    }

    static void declare(Declarations to) {
        to.member("path", "authorizer_path", PATH_CHECK, AuthorizerFunctions::path, AUTHORIZER, STRING);
        to.member(
                "group",
                "authorizer_group",
                GROUP_CHECK,
                a -> new GroupCheck(((Authorizer) a[0]).check(), (String) a[1]),
                AUTHORIZER,
                STRING);
        to.member(
                "serviceAccount",
                "authorizer_serviceaccount",
                AUTHORIZER,
                AuthorizerFunctions::serviceAccount,
                AUTHORIZER,
                STRING,
                STRING);
        to.member(
                "resource", "groupcheck_resource", RESOURCE_CHECK, AuthorizerFunctions::resource, GROUP_CHECK, STRING);
        for (String part : new String[] {"subresource", "namespace", "name"}) {
            to.member(part, "resourcecheck_" + part, RESOURCE_CHECK, a -> with(a, part), RESOURCE_CHECK, STRING);
        }
        for (String part : new String[] {"fieldSelector", "labelSelector"}) {
            String overload = part.equals("fieldSelector") ? "authorizer_fieldselector" : "authorizer_labelselector";
            to.member(part, overload, RESOURCE_CHECK, a -> with(a, part), RESOURCE_CHECK, STRING);
        }
        to.member("check", "pathcheck_check", DECISION, AuthorizerFunctions::checkPath, PATH_CHECK, STRING);
        to.member("check", "resourcecheck_check", DECISION, AuthorizerFunctions::checkResource, RESOURCE_CHECK, STRING);
        to.member("errored", "decision_errored", BOOL, a -> answer(a).error() != null, DECISION);
        to.member(
                "error",
                "decision_error",
                STRING,
                a -> answer(a).error() == null ? "" : answer(a).error(),
                DECISION);
        to.member("allowed", "decision_allowed", BOOL, a -> answer(a).allowed(), DECISION);
        to.member("reason", "decision_reason", STRING, a -> answer(a).reason(), DECISION);
    }

    private static AuthorizationCheck.Answer answer(Object[] args) {
        return ((Decision) args[0]).answer();
    }

    private static Object path(Object[] args) {
        if (((String) args[1]).isBlank()) {
            throw new EvalError("path must not be empty");
        }
        return new PathCheck(((Authorizer) args[0]).check(), (String) args[1]);
    }

    private static Object serviceAccount(Object[] args) {
        if (!Names.dns1123Subdomain((String) args[2]).isEmpty()) {
            throw new EvalError("Invalid service account name");
        }
        if (!Names.dns1123Label((String) args[1]).isEmpty()) {
            throw new EvalError("Invalid service account namespace");
        }
        return new Authorizer(((Authorizer) args[0]).check().serviceAccount((String) args[1], (String) args[2]));
    }

    private static Object resource(Object[] args) {
        GroupCheck group = (GroupCheck) args[0];
        if (((String) args[1]).isBlank()) {
            throw new EvalError("resource must not be empty");
        }
        return new ResourceCheck(group.check(), group.group(), (String) args[1], "", "", "", "", "");
    }

    private static Object with(Object[] args, String part) {
        ResourceCheck c = (ResourceCheck) args[0];
        String value = (String) args[1];
        return new ResourceCheck(
                c.check(),
                c.group(),
                c.resource(),
                part.equals("subresource") ? value : c.subresource(),
                part.equals("namespace") ? value : c.namespace(),
                part.equals("name") ? value : c.name(),
                part.equals("fieldSelector") ? value : c.fieldSelector(),
                part.equals("labelSelector") ? value : c.labelSelector());
    }

    private static Object checkPath(Object[] args) {
        PathCheck path = (PathCheck) args[0];
        return new Decision(path.check()
                .check(new AuthorizationCheck.Question(
                        (String) args[1], false, path.path(), "", "", "", "", "", "", "")));
    }

    private static Object checkResource(Object[] args) {
        ResourceCheck c = (ResourceCheck) args[0];
        return new Decision(c.check()
                .check(new AuthorizationCheck.Question(
                        (String) args[1],
                        true,
                        "",
                        c.group(),
                        c.resource(),
                        c.subresource(),
                        c.namespace(),
                        c.name(),
                        c.fieldSelector(),
                        c.labelSelector())));
    }
}

package io.jollyboat.apiserver.openapi;

import io.jollyboat.api.meta.v1.APIGroup;
import io.jollyboat.api.meta.v1.APIGroupList;
import io.jollyboat.api.meta.v1.APIResourceList;
import io.jollyboat.api.meta.v1.APIVersions;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The paths that are not of a resource: discovery, the version, and what others need to trust this server's tokens. */
final class RootPaths {
    static final String VERSION = "version";
    static final String ISSUER = ".well-known/openid-configuration";
    static final String KEYS = "openid/v1/jwks";
    /** Documents of their own in version 3. */
    static final List<String> ALONE = List.of(ISSUER, KEYS, VERSION);

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> MEDIA =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> JSON = List.of("application/json");

    private final boolean v3;
    private final Schemas schemas;

    RootPaths(boolean v3, Schemas schemas) {
        this.v3 = v3;
        this.schemas = schemas;
    }

    /** @param path without slashes around it, such as apis/apps/v1 */
    void add(ObjectNode paths, String path) {
        String[] parts = path.split("/");
        ObjectNode text = NODES.objectNode().put("type", "string");
        ObjectNode get = switch (path) {
            case VERSION ->
                operation(
                        "Tells the version of this server.", VERSION, "getCodeVersion", JSON, JSON, schemas.version());
            case ISSUER ->
                operation(
                        "Tells who issues the tokens of ServiceAccounts, and where the keys are.",
                        "WellKnown",
                        "getServiceAccountIssuerOpenIDConfiguration",
                        List.of(),
                        JSON,
                        text);
            case KEYS ->
                operation(
                        "The public keys that ServiceAccounts' tokens are checked with.",
                        "openid",
                        "getServiceAccountIssuerOpenIDKeyset",
                        List.of(),
                        List.of("application/jwk-set+json"),
                        text);
            case "api" ->
                operation(
                        "Lists the versions of the core group.",
                        "core",
                        "getCoreAPIVersions",
                        MEDIA,
                        MEDIA,
                        schemas.reference(APIVersions.getDescriptor()));
            case "apis" ->
                operation(
                        "Lists the groups.",
                        "apis",
                        "getAPIVersions",
                        MEDIA,
                        MEDIA,
                        schemas.reference(APIGroupList.getDescriptor()));
            default -> parts.length == 2 && parts[0].equals("apis") ? group(parts[1]) : version(parts);
        };
        paths.putObject("/" + path + "/").set("get", get);
    }

    private ObjectNode group(String group) {
        String name = Target.groupName(group);
        return operation(
                "Lists the versions of the group.",
                name,
                "get" + Target.capital(name) + "APIGroup",
                MEDIA,
                MEDIA,
                schemas.reference(APIGroup.getDescriptor()));
    }

    private ObjectNode version(String[] parts) {
        String group = Target.groupName(parts.length == 2 ? "" : parts[1]);
        String version = parts[parts.length - 1];
        return operation(
                "Lists the resources of the version.",
                group + "_" + version,
                "get" + Target.capital(group) + Target.capital(version) + "APIResources",
                MEDIA,
                MEDIA,
                schemas.reference(APIResourceList.getDescriptor()));
    }

    private ObjectNode operation(
            String description,
            String tag,
            String id,
            List<String> consumes,
            List<String> produces,
            ObjectNode schema) {
        ObjectNode operation = NODES.objectNode().put("description", description);
        operation.putArray("tags").add(tag);
        operation.put("operationId", id);
        ObjectNode ok = NODES.objectNode().put("description", "OK");
        if (v3) {
            ObjectNode content = ok.putObject("content");
            produces.forEach(media -> content.putObject(media).set("schema", schema));
        } else {
            if (!consumes.isEmpty()) {
                addAll(operation.putArray("consumes"), consumes);
            }
            addAll(operation.putArray("produces"), produces);
            operation.putArray("schemes").add("https");
            ok.set("schema", schema);
        }
        ObjectNode responses = operation.putObject("responses");
        responses.set("200", ok);
        responses.putObject("401").put("description", "Unauthorized");
        return operation;
    }

    private static void addAll(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}

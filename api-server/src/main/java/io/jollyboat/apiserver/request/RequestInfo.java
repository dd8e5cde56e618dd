package io.jollyboat.apiserver.request;

import io.jollyboat.selectors.FieldSelectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a request's method and path say, as upstream's {@code RequestInfo}. Strings are empty where they do not apply.
 *
 * @param verb API verb of a resource request, else the lower-case HTTP method
 * @param subresource the part after the name
 * @param subpath what stands behind the subresource, as in {@code …/proxy/a/b}; without the leading slash
 */
public record RequestInfo(
        boolean resourceRequest,
        String path,
        String verb,
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        String subpath) {
    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    /**
     * The one name that a field selector asks for, else empty: whoever may see one object may also list and watch the
     * collection for just that one. A selector that cannot be parsed names none; the client is told when it is used.
     */
    public static String selectedName(String fieldSelector) {
        if (!fieldSelector.contains("metadata.name")) {
            return "";
        }
        try {
            return FieldSelectors.parse(fieldSelector)
                    .exactValue("metadata.name")
                    .orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * @param path decoded, without the query
     * @param watch the query asks for a watch
     * @param fieldName the name that the field selector asks for, empty for none
     */
    public static RequestInfo parse(String method, String path, boolean watch, String fieldName) {
        List<String> parts = split(path);
        boolean grouped = !parts.isEmpty() && parts.getFirst().equals("apis");
        boolean core = !parts.isEmpty() && parts.getFirst().equals("api");
        int start = grouped ? 2 : 1;
        if (!(grouped || core) || parts.size() < start + 2) {
            return nonResource(path, method.toLowerCase(Locale.ROOT));
        }
        String group = grouped ? parts.get(1) : "";
        String version = parts.get(start);
        List<String> rest = parts.subList(start + 1, parts.size());
        String verb = verbOf(method);
        boolean legacyWatch = rest.getFirst().equals("watch");
        if (legacyWatch) {
            if (rest.size() < 2) {
                return nonResource(path, method.toLowerCase(Locale.ROOT));
            }
            verb = "watch";
            rest = rest.subList(1, rest.size());
        }
        String namespace = "";
        if (rest.getFirst().equals("namespaces") && rest.size() > 1) {
            namespace = rest.get(1);
            if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
                rest = rest.subList(2, rest.size());
            }
        }
        String name = rest.size() > 1 ? rest.get(1) : "";
        String subresource = rest.size() > 2 && !legacyWatch ? rest.get(2) : "";
        String subpath = rest.size() > 3 ? String.join("/", rest.subList(3, rest.size())) : "";
        if (name.isEmpty() && verb.equals("get")) {
            verb = watch ? "watch" : "list";
        } else if (name.isEmpty() && verb.equals("delete")) {
            verb = "deletecollection";
        }
        if (name.isEmpty() && !verb.equals("create")) {
            name = fieldName;
        }
        return new RequestInfo(
                true, path, verb, group, version, namespace, rest.getFirst(), name, subresource, subpath);
    }

    /** The same place with another verb. */
    public RequestInfo withVerb(String other) {
        return new RequestInfo(
                resourceRequest, path, other, group, version, namespace, resource, name, subresource, subpath);
    }

    private static RequestInfo nonResource(String path, String verb) {
        return new RequestInfo(false, path, verb, "", "", "", "", "", "", "");
    }

    private static List<String> split(String path) {
        List<String> parts = new ArrayList<>(8);
        int start = 0;
        while (start < path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (end > start) {
                parts.add(path.substring(start, end));
            }
            start = end + 1;
        }
        return parts;
    }

    private static String verbOf(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    /** {@code group/version}, or the bare version of the core group. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}

package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Kubernetes' URL library: {@code url('…')} and its parts. */
final class UrlFunctions {

    static final OpaqueType TYPE = OpaqueType.create("kubernetes.URL");

    private UrlFunctions() {}

    /** A URL that was parsed as Go does. */
    record Url(GoUrl url) implements OpaqueValue {
        @Override
        public String typeName() {
            return "kubernetes.URL";
        }
    }

    static void declare(Declarations to) {
        to.global("url", "string_to_url", TYPE, a -> parse((String) a[0]), STRING);
        to.global("isURL", "is_url_string", BOOL, a -> GoUrl.requestError((String) a[0]) == null, STRING);
        part(to, "getScheme", "url_get_scheme", GoUrl::scheme);
        part(to, "getHost", "url_get_host", GoUrl::host);
        part(to, "getHostname", "url_get_hostname", GoUrl::hostname);
        part(to, "getPort", "url_get_port", GoUrl::port);
        part(to, "getEscapedPath", "url_get_escaped_path", GoUrl::escapedPath);
        to.member(
                "getQuery",
                "url_get_query",
                MapType.create(STRING, ListType.create(STRING)),
                a -> query(((Url) a[0]).url().query()),
                TYPE);
    }

    private static void part(
            Declarations to, String name, String overload, java.util.function.Function<GoUrl, String> part) {
        to.member(name, overload, STRING, a -> part.apply(((Url) a[0]).url()), TYPE);
    }

    private static Url parse(String text) {
        String error = GoUrl.requestError(text);
        if (error != null) {
            throw new EvalError("URL parse error during conversion from string: " + error);
        }
        return new Url(GoUrl.parse(text));
    }

    private static Map<Object, Object> query(String query) {
        MapValue values = new MapValue();
        UnaryOperator<String> decode = s -> GoUrl.unescape(s.replace('+', ' '));
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty() || pair.contains(";")) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = decode.apply(equals < 0 ? pair : pair.substring(0, equals));
            String value = decode.apply(equals < 0 ? "" : pair.substring(equals + 1));
            if (key == null || value == null) {
                continue;
            }
            List<Object> all = new ArrayList<>();
            if (values.get(key) instanceof List<?> earlier) {
                all.addAll(earlier);
            }
            all.add(value);
            values.put(key, all);
        }
        return values;
    }
}

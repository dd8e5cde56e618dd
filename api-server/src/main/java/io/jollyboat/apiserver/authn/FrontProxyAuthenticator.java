package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.runtime.Runtime;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Believes proxies that show a certificate of their own authority who it is that asks. */
final class FrontProxyAuthenticator {
    private final FrontProxyConfig config;
    private final ClientCertAuthenticator proxies;

    FrontProxyAuthenticator(FrontProxyConfig config, Runtime runtime) {
        this.config = config;
        this.proxies = new ClientCertAuthenticator(config.clientCaFile(), runtime);
    }

    /** @return empty when nobody is named, or nobody shows a certificate */
    Optional<UserInfo> authenticate(Credentials credentials) throws Unauthenticated {
        if (credentials.chain().isEmpty()) {
            return Optional.empty();
        }
        String name = first(credentials, config.usernameHeaders());
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String proxy =
                proxies.authenticate(credentials.chain()).map(UserInfo::name).orElse("");
        if (!config.allowedNames().isEmpty() && !config.allowedNames().contains(proxy)) {
            throw new Unauthenticated("x509: subject with cn=" + proxy + " is not in the allowed list");
        }
        List<String> groups = new ArrayList<>();
        for (String header : config.groupHeaders()) {
            groups.addAll(all(credentials, header));
        }
        return Optional.of(
                new UserInfo(name, first(credentials, config.uidHeaders()), List.copyOf(groups), extra(credentials)));
    }

    private static String first(Credentials credentials, List<String> names) {
        for (String name : names) {
            for (String value : all(credentials, name)) {
                if (!value.isEmpty()) {
                    return value;
                }
            }
        }
        return "";
    }

    private static List<String> all(Credentials credentials, String name) {
        List<String> values = List.of();
        for (Map.Entry<String, String> header : credentials.headers()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                values = values.isEmpty() ? new ArrayList<>() : values;
                values.add(text(header.getValue()));
            }
        }
        return values;
    }

    private Map<String, List<String>> extra(Credentials credentials) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        for (String prefix : config.extraHeaderPrefixes()) {
            for (Map.Entry<String, String> header : credentials.headers()) {
                if (header.getKey().regionMatches(true, 0, prefix, 0, prefix.length())) {
                    String key = key(header.getKey().substring(prefix.length()).toLowerCase(Locale.ROOT));
                    extra.computeIfAbsent(key, k -> new ArrayList<>()).add(text(header.getValue()));
                }
            }
        }
        return extra;
    }

    /** With what percent signs stand for; as it is where they stand for nothing. */
    private static String key(String escaped) {
        if (escaped.indexOf('%') < 0) {
            return escaped;
        }
        try {
            return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return escaped;
        }
    }

    /** Headers are read byte by byte. */
    private static String text(String header) {
        return new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}

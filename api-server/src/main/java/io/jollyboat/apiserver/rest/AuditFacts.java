package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.audit.RequestFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the door tells the audit log of a request. */
final class AuditFacts {
    private AuditFacts() {}

    static RequestFacts of(HttpExchange exchange, String auditId, boolean lasts) {
        String agent = exchange.header("User-Agent");
        return new RequestFacts(auditId, exchange.uri(), agent == null ? "" : agent, sources(exchange), lasts);
    }

    /** As upstream: what proxies say, then the other end itself. */
    private static List<String> sources(HttpExchange exchange) {
        List<String> sources = new ArrayList<>();
        String forwarded = exchange.header("X-Forwarded-For");
        if (forwarded != null) {
            for (String part : forwarded.split(",", -1)) {
                add(sources, part.strip());
            }
        }
        String real = exchange.header("X-Real-Ip");
        if (sources.isEmpty() && real != null) {
            add(sources, real.strip());
        }
        add(sources, exchange.peer().address().getAddress().getHostAddress());
        return sources;
    }

    private static void add(List<String> sources, String address) {
        boolean plain = !address.isEmpty()
                && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':');
        if (plain && (sources.isEmpty() || !sources.getLast().equals(address))) {
            sources.add(address);
        }
    }

    /** What somebody who is not known tried, as upstream says it. */
    static String attempted(HttpExchange exchange) {
        List<String> methods = new ArrayList<>();
        String header = exchange.header("Authorization");
        if (header != null) {
            methods.add(header.strip().split(" ", 2)[0].toLowerCase(Locale.ROOT));
        }
        if (!exchange.peer().chain().isEmpty()) {
            methods.add("x509");
        }
        return methods.isEmpty()
                ? "Authentication failed, no credentials provided"
                : "Authentication failed, attempted: " + String.join(", ", methods);
    }
}

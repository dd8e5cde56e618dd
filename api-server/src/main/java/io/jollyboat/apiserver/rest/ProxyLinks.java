package io.jollyboat.apiserver.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes links of a page that is seen through the proxy lead through the proxy again. */
final class ProxyLinks {
    /** Which attributes of which tags are links. */
    private static final Map<String, Set<String>> ATTRIBUTES = Map.ofEntries(
            Map.entry("a", Set.of("href")),
            Map.entry("applet", Set.of("codebase")),
            Map.entry("area", Set.of("href")),
            Map.entry("audio", Set.of("src")),
            Map.entry("base", Set.of("href")),
            Map.entry("blockquote", Set.of("cite")),
            Map.entry("body", Set.of("background")),
            Map.entry("button", Set.of("formaction")),
            Map.entry("command", Set.of("icon")),
            Map.entry("del", Set.of("cite")),
            Map.entry("embed", Set.of("src")),
            Map.entry("form", Set.of("action")),
            Map.entry("frame", Set.of("longdesc", "src")),
            Map.entry("head", Set.of("profile")),
            Map.entry("html", Set.of("manifest")),
            Map.entry("iframe", Set.of("longdesc", "src")),
            Map.entry("img", Set.of("longdesc", "src", "usemap")),
            Map.entry("input", Set.of("src", "usemap", "formaction")),
            Map.entry("ins", Set.of("cite")),
            Map.entry("link", Set.of("href")),
            Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
            Map.entry("q", Set.of("cite")),
            Map.entry("script", Set.of("src")),
            Map.entry("source", Set.of("src")),
            Map.entry("video", Set.of("poster", "src")));

    /** A comment, a text that is no markup, or a tag; possessive, so that no page makes it try things again. */
    private static final Pattern PIECE =
            Pattern.compile("<!--(?s:.*?)-->|<([a-zA-Z][a-zA-Z0-9]*+)((?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>");

    private static final Pattern ATTRIBUTE =
            Pattern.compile("([a-zA-Z-]++)(\\s*+=\\s*+)(\"[^\"]*+\"|'[^']*+'|[^\\s\"'>]++)");
    private static final Set<String> TEXT_ONLY = Set.of("script", "style", "textarea", "title");

    private final String prefix;
    private final String backend;
    private final String asked;

    /**
     * @param prefix the path up to {@code /proxy}
     * @param backend host and port that were called
     * @param asked the host that the client named
     */
    ProxyLinks(String prefix, String backend, String asked) {
        this.prefix = prefix;
        this.backend = backend;
        this.asked = asked;
    }

    /** The path as the client asked for it. */
    String forwarded(String path) {
        int query = path.indexOf('?');
        return prefix + (query < 0 ? path : path.substring(0, query));
    }

    /** A link, through the proxy where it leads to the same server. */
    String rewritten(String link) {
        URI url;
        try {
            url = new URI(link);
        } catch (URISyntaxException e) {
            return link;
        }
        String host = url.getRawAuthority();
        boolean elsewhere = host != null && !host.equals(backend) && !host.equals(asked);
        String path = url.getRawPath();
        if (elsewhere || path == null || !path.startsWith("/")) {
            return link;
        }
        String server = asked.equals(host) ? (url.getScheme() == null ? "" : url.getScheme() + ":") + "//" + host : "";
        String there = path.startsWith(prefix)
                ? path
                : prefix + URI.create(path).normalize().getRawPath();
        return server
                + there
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                + (url.getRawFragment() == null ? "" : "#" + url.getRawFragment());
    }

    /** A page of HTML with its links rewritten. */
    byte[] page(byte[] html) {
        // Every byte as it is: what is rewritten is ASCII.
        String text = new String(html, StandardCharsets.ISO_8859_1);
        String lower = text.toLowerCase(Locale.ROOT);
        StringBuilder result = new StringBuilder(text.length() + 256);
        Matcher piece = PIECE.matcher(text);
        int done = 0;
        while (piece.find(done)) {
            result.append(text, done, piece.start());
            done = piece.end();
            String tag = piece.group(1) == null ? "" : piece.group(1).toLowerCase(Locale.ROOT);
            Set<String> links = ATTRIBUTES.get(tag);
            result.append(
                    links == null ? piece.group() : "<" + piece.group(1) + attributes(piece.group(2), links) + ">");
            if (TEXT_ONLY.contains(tag)) {
                int end = lower.indexOf("</" + tag, done);
                int next = end < 0 ? text.length() : end;
                result.append(text, done, next);
                done = next;
            }
        }
        return result.append(text, done, text.length()).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String attributes(String text, Set<String> links) {
        return ATTRIBUTE.matcher(text).replaceAll(found -> {
            if (!links.contains(found.group(1).toLowerCase(Locale.ROOT))) {
                return Matcher.quoteReplacement(found.group());
            }
            String value = found.group(3);
            boolean quoted = value.startsWith("\"") || value.startsWith("'");
            String quote = quoted ? value.substring(0, 1) : "\"";
            String link = quoted ? value.substring(1, value.length() - 1) : value;
            String changed = rewritten(link.replace("&amp;", "&")).replace("&", "&amp;");
            return Matcher.quoteReplacement(found.group(1) + found.group(2) + quote + changed + quote);
        });
    }
}

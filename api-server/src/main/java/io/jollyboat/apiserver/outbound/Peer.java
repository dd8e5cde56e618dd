package io.jollyboat.apiserver.outbound;

/**
 * A server that is called.
 *
 * @param authority as the URL and the Host header have it, such as {@code hook.default.svc:443}
 * @param serverName what its certificate must be for; null for plain HTTP
 * @param trust null for plain HTTP
 */
public record Peer(String authority, String serverName, Dialer dialer, Trust trust) {
    public String scheme() {
        return trust == null ? "http" : "https";
    }

    /** The whole address of a path with its query. */
    public String url(String path) {
        return scheme() + "://" + authority + path;
    }
}

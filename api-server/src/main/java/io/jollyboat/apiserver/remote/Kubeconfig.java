package io.jollyboat.apiserver.remote;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Dialer;
import io.jollyboat.apiserver.outbound.Peer;
import io.jollyboat.apiserver.outbound.Trust;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.TlsException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import tools.jackson.databind.JsonNode;

/** Where the current context of a kubeconfig file leads, and as whom the server goes there. */
public final class Kubeconfig {
    private static final List<String> NOT_HERE = List.of("exec", "auth-provider");

    private final Path file;
    private final Peer peer;
    private final String path;
    private final JsonNode user;

    private Kubeconfig(Path file, Peer peer, String path, JsonNode user) {
        this.file = file;
        this.peer = peer;
        this.path = path;
        this.user = user;
    }

    /** @throws IllegalArgumentException that names the file and what is wrong in it */
    public static Kubeconfig read(Path file) {
        try {
            JsonNode config = YamlCodec.tree(Files.readAllBytes(file), new ArrayList<>());
            String current = config.path("current-context").asString("");
            JsonNode context = named(config, "contexts", "context", current);
            JsonNode cluster =
                    named(config, "clusters", "cluster", context.path("cluster").asString(""));
            String userName = context.path("user").asString("");
            JsonNode user = userName.isEmpty() ? config.path("none") : named(config, "users", "user", userName);
            for (String key : NOT_HERE) {
                if (user.has(key)) {
                    throw new IllegalArgumentException(
                            "users." + userName + "." + key + ": this server runs no programs for credentials");
                }
            }
            if (cluster.has("proxy-url")) {
                throw new IllegalArgumentException("clusters.proxy-url: this server uses no proxies");
            }
            URI url = url(cluster.path("server").asString(""));
            String given = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String path = url.getRawQuery() == null ? given : given + "?" + url.getRawQuery();
            Kubeconfig read = new Kubeconfig(file, peer(file, url, cluster, user), path, user);
            var _ = read.headers();
            return read;
        } catch (IOException | CallException | GeneralSecurityException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // Of the reader of YAML, of keys, and of this class.
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode named(JsonNode config, String list, String what, String name) {
        for (JsonNode one : config.path(list)) {
            if (!name.isEmpty() && one.path("name").asString("").equals(name)) {
                return one.path(what);
            }
        }
        throw new IllegalArgumentException(what + " \"" + name + "\" does not exist in " + list);
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            boolean known = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (!known || url.getHost() == null) {
                throw new IllegalArgumentException(
                        "cluster.server: must be a URL such as https://host/path, is \"" + text + "\"");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("cluster.server: " + e.getMessage(), e);
        }
    }

    private static Peer peer(Path file, URI url, JsonNode cluster, JsonNode user)
            throws IOException, CallException, GeneralSecurityException {
        String host = url.getHost().replaceAll("^\\[|\\]$", "");
        boolean secure = url.getScheme().equals("https");
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        Dialer dialer = Dialer.to(host, port);
        if (!secure) {
            return new Peer(url.getRawAuthority(), null, dialer, null);
        }
        KeyManager[] identity = identity(file, user);
        byte[] bundle = bytes(file, cluster, "certificate-authority");
        boolean anyone = cluster.path("insecure-skip-tls-verify").asBoolean(false);
        if (anyone && bundle.length > 0) {
            throw new IllegalArgumentException(
                    "specifying a root certificates file with the insecure flag is not allowed");
        }
        Trust trust = anyone ? Trust.anyone(() -> identity) : Trust.of(bundle, () -> identity);
        return new Peer(url.getRawAuthority(), cluster.path("tls-server-name").asString(host), dialer, trust);
    }

    private static KeyManager[] identity(Path file, JsonNode user) throws IOException, GeneralSecurityException {
        byte[] chain = bytes(file, user, "client-certificate");
        byte[] key = bytes(file, user, "client-key");
        if ((chain.length == 0) != (key.length == 0)) {
            throw new IllegalArgumentException("client-certificate and client-key belong together");
        }
        if (chain.length == 0) {
            return null;
        }
        X509Certificate[] certificates =
                Pem.certificates(new String(chain, StandardCharsets.ISO_8859_1)).toArray(X509Certificate[]::new);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                Pem.privateKey(new String(key, StandardCharsets.ISO_8859_1), "client-key"),
                new char[0],
                certificates);
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, new char[0]);
        return managers.getKeyManagers();
    }

    /** What stands under the key itself, in base64, or in the file that it names; the former goes first, as upstream. */
    private static byte[] bytes(Path file, JsonNode node, String key) throws IOException {
        String data = node.path(key + "-data").asString("");
        if (!data.isEmpty()) {
            try {
                return Base64.getMimeDecoder().decode(data);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + "-data: must be base64", e);
            }
        }
        String name = node.path(key).asString("");
        return name.isEmpty() ? new byte[0] : Files.readAllBytes(file.resolveSibling(name));
    }

    /** Whom requests go to. */
    public Peer peer() {
        return peer;
    }

    /** Path and query of the server's URL. */
    public String path() {
        return path;
    }

    /** The user's credentials as they are now: a file with a token may change. */
    public List<Map.Entry<String, String>> headers() {
        String tokenFile = user.path("tokenFile").asString("");
        String token = user.path("token").asString("");
        if (!tokenFile.isEmpty()) {
            try {
                token = Files.readString(file.resolveSibling(tokenFile)).strip();
            } catch (IOException e) {
                throw new TlsException("tokenFile: cannot be read: " + e, e);
            }
        }
        if (!token.isEmpty()) {
            return List.of(Map.entry("Authorization", "Bearer " + token));
        }
        String name = user.path("username").asString("");
        if (name.isEmpty()) {
            return List.of();
        }
        String both = name + ":" + user.path("password").asString("");
        return List.of(Map.entry(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8))));
    }
}

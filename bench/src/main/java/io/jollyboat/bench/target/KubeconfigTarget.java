package io.jollyboat.bench.target;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads a kubeconfig: client certificates and bearer tokens, in files or inline. */
public final class KubeconfigTarget {
    private static final int HTTPS = 443;

    private final Path file;
    private final Map<?, ?> root;

    private KubeconfigTarget(Path file, Map<?, ?> root) {
        this.file = file;
        this.root = root;
    }

    /**
     * @param context empty for the current one
     * @param server in place of the kubeconfig's; empty for that
     */
    public static Target read(Path file, String context, String server) throws IOException {
        Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        if (!(yaml instanceof Map<?, ?> map)) {
            throw new IOException(file + " is no kubeconfig");
        }
        return new KubeconfigTarget(file, map).target(context, server);
    }

    private Target target(String context, String server) throws IOException {
        String name = context.isEmpty() ? text(root, "current-context") : context;
        Map<?, ?> chosen = entry("contexts", name, "context");
        Map<?, ?> cluster = entry("clusters", text(chosen, "cluster"), "cluster");
        Map<?, ?> user = entry("users", text(chosen, "user"), "user");

        URI uri = URI.create(server.isEmpty() ? text(cluster, "server") : server);
        boolean secure = "https".equals(uri.getScheme());
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? HTTPS : 80;
        return new Target(
                uri.getHost(),
                new InetSocketAddress(uri.getHost(), port),
                secure ? Optional.of(tls(cluster, user)) : Optional.empty(),
                text(user, "token"));
    }

    private SslContext tls(Map<?, ?> cluster, Map<?, ?> user) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (Boolean.TRUE.equals(cluster.get("insecure-skip-tls-verify"))) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        } else {
            data(cluster, "certificate-authority").ifPresent(builder::trustManager);
        }
        Optional<InputStream> certificate = data(user, "client-certificate");
        Optional<InputStream> key = data(user, "client-key");
        if (certificate.isPresent() && key.isPresent()) {
            builder.keyManager(certificate.get(), key.get());
        }
        return builder.build();
    }

    private Optional<InputStream> data(Map<?, ?> map, String key) throws IOException {
        String inline = text(map, key + "-data");
        if (!inline.isEmpty()) {
            return Optional.of(new ByteArrayInputStream(Base64.getMimeDecoder().decode(inline)));
        }
        String path = text(map, key);
        return path.isEmpty()
                ? Optional.empty()
                : Optional.of(new ByteArrayInputStream(
                        Files.readAllBytes(file.toAbsolutePath().resolveSibling(path))));
    }

    private Map<?, ?> entry(String list, String name, String part) throws IOException {
        if (root.get(list) instanceof List<?> entries) {
            for (Object entry : entries) {
                if (entry instanceof Map<?, ?> map
                        && text(map, "name").equals(name)
                        && map.get(part) instanceof Map<?, ?> found) {
                    return found;
                }
            }
        }
        throw new IOException(file + ": no \"" + name + "\" among its " + list);
    }

    private static String text(Map<?, ?> map, String key) {
        return map.get(key) == null ? "" : map.get(key).toString();
    }
}

package io.jollyboat.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A one-layer image as an OCI layout in a tar, as {@code ctr images import} takes it. Made without Docker and without a
 * registry.
 */
final class OciImage {
    private OciImage() {}

    /**
     * @param name full reference, such as {@code docker.io/jollyboat/web:1}
     * @param layer an uncompressed tar
     * @param environment {@code KEY=value}
     */
    static byte[] build(String name, byte[] layer, List<String> entrypoint, List<String> environment) {
        byte[] config = """
                {"architecture":"%s","os":"linux","config":{"Entrypoint":[%s],"Env":[%s],"WorkingDir":"/"},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":"jolly"}]}""".formatted(architecture(), strings(entrypoint), strings(environment), sha256(layer))
                .getBytes(StandardCharsets.UTF_8);
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}""".formatted(
                        descriptor("application/vnd.oci.image.config.v1+json", config),
                        descriptor("application/vnd.oci.image.layer.v1.tar", layer))
                .getBytes(StandardCharsets.UTF_8);
        String entry = descriptor("application/vnd.oci.image.manifest.v1+json", manifest);
        String index = """
                {"schemaVersion":2,"manifests":[%s,"annotations":{"io.containerd.image.name":"%s"}}]}""".formatted(entry.substring(0, entry.length() - 1), name);
        return new TarWriter()
                .file("oci-layout", 0644, "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8))
                .file("index.json", 0644, index.getBytes(StandardCharsets.UTF_8))
                .directory("blobs", 0755)
                .directory("blobs/sha256", 0755)
                .file(blob(config), 0644, config)
                .file(blob(layer), 0644, layer)
                .file(blob(manifest), 0644, manifest)
                .finish();
    }

    private static String descriptor(String mediaType, byte[] content) {
        return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d}"
                .formatted(mediaType, sha256(content), content.length);
    }

    private static String blob(byte[] content) {
        return "blobs/sha256/" + sha256(content);
    }

    private static String strings(List<String> values) {
        return values.stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(","));
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.jollyboat.kubelet.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A tiny image made on the spot: one layer, as an OCI layout in a tar. */
public final class OciImage {
    private final ByteArrayOutputStream layer = new ByteArrayOutputStream();
    private final String name;
    private final String configJson;

    /** @param configJson the image config's own part, such as {@code {"Entrypoint":["/pause"]}} */
    public OciImage(String name, String configJson) {
        this.name = name;
        this.configJson = configJson;
    }

    public OciImage directory(String path, int mode) {
        entry(layer, path + "/", new byte[0], mode, '5', "");
        return this;
    }

    public OciImage file(String path, byte[] content, int mode) {
        entry(layer, path, content, mode, '0', "");
        return this;
    }

    public OciImage link(String path, String target) {
        entry(layer, path, new byte[0], 0777, '2', target);
        return this;
    }

    /** busybox under /bin with its applets as links, and world-writable /tmp. */
    public static OciImage busybox(String name, List<String> applets) throws IOException {
        OciImage image = new OciImage(name, "{\"Cmd\":[\"/bin/sh\"],\"Env\":[\"PATH=/bin\"]}");
        image.directory("bin", 0755).directory("tmp", 01777).directory("etc", 0755);
        image.file("bin/busybox", Files.readAllBytes(Path.of("/usr/bin/busybox")), 0755);
        applets.forEach(a -> image.link("bin/" + a, "busybox"));
        return image;
    }

    /** @param manifest of the image, which names the others by their digests */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never kept
    public record Parts(byte[] manifest, byte[] config, byte[] layer) {}

    public Parts parts() {
        byte[] layerBytes = closed(layer);
        String layerDigest = digest(layerBytes);
        byte[] config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":" + configJson
                        + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + layerDigest + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                        + "\"config\":" + descriptor("application/vnd.oci.image.config.v1+json", config)
                        + ",\"layers\":[" + descriptor("application/vnd.oci.image.layer.v1.tar", layerBytes) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        return new Parts(manifest, config, layerBytes);
    }

    /** Writes the tar. */
    public void write(Path file) throws IOException {
        Parts parts = parts();
        String index = "{\"schemaVersion\":2,\"manifests\":["
                + descriptor("application/vnd.oci.image.manifest.v1+json", parts.manifest())
                        .replaceFirst(
                                "}$",
                                ",\"annotations\":{\"io.containerd.image.name\":\"" + name
                                        + "\",\"org.opencontainers.image.ref.name\":\"" + name + "\"}}")
                + "]}";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entry(out, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8), 0644, '0', "");
        entry(out, "index.json", index.getBytes(StandardCharsets.UTF_8), 0644, '0', "");
        for (byte[] blob : List.of(parts.layer(), parts.config(), parts.manifest())) {
            entry(out, "blobs/sha256/" + digest(blob), blob, 0644, '0', "");
        }
        Files.write(file, closed(out));
    }

    private static String descriptor(String type, byte[] blob) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"sha256:" + digest(blob) + "\",\"size\":" + blob.length
                + "}";
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] closed(ByteArrayOutputStream tar) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(tar.toByteArray());
        whole.writeBytes(new byte[1024]);
        return whole.toByteArray();
    }

    private static void entry(
            ByteArrayOutputStream out, String path, byte[] content, int mode, char type, String target) {
        ByteBuffer header = ByteBuffer.allocate(512);
        text(header, 0, path);
        text(header, 100, String.format("%07o", mode));
        text(header, 108, "0000000");
        text(header, 116, "0000000");
        text(header, 124, String.format("%011o", content.length));
        text(header, 136, "00000000000");
        header.put(156, (byte) type);
        text(header, 157, target);
        text(header, 257, "ustar");
        text(header, 263, "00");
        byte[] bytes = header.array();
        Arrays.fill(bytes, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : bytes) {
            sum += b & 0xff;
        }
        text(header, 148, String.format("%06o", sum));
        header.put(154, (byte) 0);
        out.writeBytes(bytes);
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    }

    private static void text(ByteBuffer header, int at, String text) {
        header.put(at, text.getBytes(StandardCharsets.UTF_8));
    }
}

package io.jollyboat.kubelet.images;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A user name and password for a registry, and the secret they came from. */
record Credential(String username, String password, Origin origin) {
    /** The secret. */
    record Origin(String uid, String namespace, String name) {}

    /** Tells the same credential in another secret without keeping it. */
    String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(username.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "credential of " + origin;
    }
}

package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in Galois/counter mode with a key of its own for each value: made from a seed and 32 random bytes, which precede
 * nonce, text and tag. The value's place is authenticated.
 */
final class SeedGcm {
    static final int SEED = 32;
    private static final int INFO = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec seed;

    SeedGcm(byte[] seed) throws GeneralSecurityException {
        if (seed.length < SEED) {
            throw new GeneralSecurityException("invalid seed length " + seed.length + " used for key generation");
        }
        this.seed = new SecretKeySpec(seed, "HmacSHA256");
    }

    static byte[] newSeed() {
        byte[] seed = new byte[SEED];
        RANDOM.nextBytes(seed);
        return seed;
    }

    ByteString seal(ByteString path, byte[] plain) throws GeneralSecurityException {
        byte[] head = new byte[INFO + NONCE];
        RANDOM.nextBytes(head);
        byte[] nonce = Arrays.copyOfRange(head, INFO, head.length);
        byte[] sealed = gcm(Cipher.ENCRYPT_MODE, key(Arrays.copyOf(head, INFO)), nonce, path)
                .doFinal(plain);
        return ByteString.copyFrom(head).concat(ByteString.copyFrom(sealed));
    }

    byte[] open(ByteString path, byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < INFO + NONCE) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        return open(key(Arrays.copyOf(sealed, INFO)), path, Arrays.copyOfRange(sealed, INFO, sealed.length));
    }

    /** A value whose key is the source itself. */
    static byte[] open(SecretKeySpec key, ByteString path, byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < NONCE) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        return gcm(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE), path)
                .doFinal(sealed, NONCE, sealed.length - NONCE);
    }

    /** The first block of HKDF's expansion, which is all of a key of 32 bytes. */
    private SecretKeySpec key(byte[] info) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(seed);
        mac.update(info);
        mac.update((byte) 1);
        return new SecretKeySpec(mac.doFinal(), "AES");
    }

    private static Cipher gcm(int mode, SecretKeySpec key, byte[] nonce, ByteString path)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(path.toByteArray());
        return cipher;
    }
}

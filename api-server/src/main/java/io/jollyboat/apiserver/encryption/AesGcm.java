package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in Galois/counter mode: nonce, text, tag. The value's key is authenticated, so that it cannot be moved. */
final class AesGcm implements Transformer {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteString prefix;
    private final SecretKeySpec key;

    AesGcm(String name, byte[] key) {
        this.prefix = ByteString.copyFromUtf8("k8s:enc:aesgcm:v1:" + name + ":");
        this.key = new SecretKeySpec(key, "AES");
    }

    @Override
    public ByteString prefix() {
        return prefix;
    }

    @Override
    public ByteString seal(ByteString path, byte[] plain) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, path).doFinal(plain);
        return prefix.concat(ByteString.copyFrom(nonce)).concat(ByteString.copyFrom(sealed));
    }

    @Override
    public byte[] open(ByteString path, ByteString sealed) throws GeneralSecurityException {
        byte[] bytes = sealed.substring(prefix.size()).toByteArray();
        if (bytes.length < NONCE) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        byte[] nonce = java.util.Arrays.copyOf(bytes, NONCE);
        return cipher(Cipher.DECRYPT_MODE, nonce, path).doFinal(bytes, NONCE, bytes.length - NONCE);
    }

    private Cipher cipher(int mode, byte[] nonce, ByteString path) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(path.toByteArray());
        return cipher;
    }
}

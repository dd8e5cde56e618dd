package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in cipher block chaining: first block, text padded to blocks. */
final class AesCbc implements Transformer {
    private static final int BLOCK = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteString prefix;
    private final SecretKeySpec key;

    AesCbc(String name, byte[] key) {
        this.prefix = ByteString.copyFromUtf8("k8s:enc:aescbc:v1:" + name + ":");
        this.key = new SecretKeySpec(key, "AES");
    }

    @Override
    public ByteString prefix() {
        return prefix;
    }

    @Override
    public ByteString seal(ByteString path, byte[] plain) throws GeneralSecurityException {
        byte[] first = new byte[BLOCK];
        RANDOM.nextBytes(first);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, first).doFinal(plain);
        return prefix.concat(ByteString.copyFrom(first)).concat(ByteString.copyFrom(sealed));
    }

    @Override
    public byte[] open(ByteString path, ByteString sealed) throws GeneralSecurityException {
        byte[] bytes = sealed.substring(prefix.size()).toByteArray();
        if (bytes.length < 2 * BLOCK) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, BLOCK)).doFinal(bytes, BLOCK, bytes.length - BLOCK);
    }

    private Cipher cipher(int mode, byte[] first) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, key, new IvParameterSpec(first));
        return cipher;
    }
}

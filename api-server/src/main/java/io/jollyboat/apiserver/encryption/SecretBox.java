package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** XSalsa20 with Poly1305, as NaCl's secretbox: nonce, tag, text. */
final class SecretBox implements Transformer {
    private static final int NONCE = 24;
    private static final int TAG = 16;
    private static final int MAC_KEY = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteString prefix;
    private final KeyParameter key;

    SecretBox(String name, byte[] key) {
        this.prefix = ByteString.copyFromUtf8("k8s:enc:secretbox:v1:" + name + ":");
        this.key = new KeyParameter(key);
    }

    @Override
    public ByteString prefix() {
        return prefix;
    }

    @Override
    public ByteString seal(ByteString path, byte[] plain) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        return prefix.concat(ByteString.copyFrom(nonce)).concat(ByteString.copyFrom(seal(nonce, plain)));
    }

    byte[] seal(byte[] nonce, byte[] plain) {
        XSalsa20Engine stream = stream(nonce);
        byte[] macKey = macKey(stream);
        byte[] sealed = new byte[TAG + plain.length];
        stream.processBytes(plain, 0, plain.length, sealed, TAG);
        System.arraycopy(tag(macKey, sealed, TAG, plain.length), 0, sealed, 0, TAG);
        return sealed;
    }

    @Override
    public byte[] open(ByteString path, ByteString value) throws GeneralSecurityException {
        byte[] bytes = value.substring(prefix.size()).toByteArray();
        int text = bytes.length - NONCE - TAG;
        if (text < 0) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        XSalsa20Engine stream = stream(Arrays.copyOf(bytes, NONCE));
        byte[] tag = tag(macKey(stream), bytes, NONCE + TAG, text);
        if (!MessageDigest.isEqual(tag, Arrays.copyOfRange(bytes, NONCE, NONCE + TAG))) {
            throw new GeneralSecurityException("the data does not fit its tag");
        }
        byte[] plain = new byte[text];
        stream.processBytes(bytes, NONCE + TAG, text, plain, 0);
        return plain;
    }

    private XSalsa20Engine stream(byte[] nonce) {
        XSalsa20Engine stream = new XSalsa20Engine();
        stream.init(true, new ParametersWithIV(key, nonce));
        return stream;
    }

    /** The stream's beginning; what follows hides the text. */
    private static byte[] macKey(XSalsa20Engine stream) {
        byte[] macKey = new byte[MAC_KEY];
        stream.processBytes(macKey, 0, MAC_KEY, macKey, 0);
        return macKey;
    }

    private static byte[] tag(byte[] macKey, byte[] bytes, int offset, int length) {
        Poly1305 mac = new Poly1305();
        mac.init(new KeyParameter(macKey));
        mac.update(bytes, offset, length);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        return tag;
    }
}

package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.apiserver.encryption.EncryptionFile.KmsPlugin;
import io.jollyboat.kms.envelope.v2.EncryptedDEKSourceType;
import io.jollyboat.kms.envelope.v2.EncryptedObject;
import io.jollyboat.kms.v2.EncryptResponse;
import io.jollyboat.kms.v2.StatusResponse;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Names;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * Values by keys that only a key management service can open. One seed, which the service encrypted, makes the keys of
 * all that is written until the service changes its key. What was written holds as long as the service knows its key;
 * writing ends three minutes after the service was last heard of, as upstream.
 */
final class Kms implements Transformer, AutoCloseable {
    private static final Log LOG = Log.of(Kms.class);
    private static final Duration WHEN_WELL = Duration.ofMinutes(1);
    private static final Duration WHEN_NOT = Duration.ofSeconds(10);
    private static final Duration WRITES_FOR = Duration.ofMinutes(3);
    private static final int MAX_SMALL = 1024;
    private static final int MAX_ANNOTATIONS = 32 * 1024;
    private static final int KEPT = 4096;

    private final KmsPlugin config;
    private final ByteString prefix;
    private final KmsClient client;
    private final EncryptionMetrics metrics;
    private final Runtime runtime;
    private final Map<EncryptedObject, Source> sources = Collections.synchronizedMap(new Sources());
    private volatile State state;
    private volatile String failure = "its plugin has not been asked yet";
    private Runnable onWell = () -> {};
    private Thread thread;

    Kms(KmsPlugin config, EncryptionMetrics metrics, Runtime runtime) {
        this.metrics = metrics;
        this.config = config;
        this.prefix = ByteString.copyFromUtf8("k8s:enc:kms:v2:" + config.called() + ":");
        this.client = new KmsClient(config.name().orElse(""), config.socket(), config.patience(), metrics);
        this.runtime = runtime;
    }

    /** What is written with. */
    private record State(SeedGcm seed, EncryptedObject template, Instant until) {}

    /** What was read with. */
    private interface Source {
        byte[] open(ByteString path, byte[] sealed) throws GeneralSecurityException;
    }

    private static final class Sources extends LinkedHashMap<EncryptedObject, Source> {
        private static final long serialVersionUID = 1;

        private Sources() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<EncryptedObject, Source> eldest) {
            return size() > KEPT;
        }
    }

    KmsPlugin config() {
        return config;
    }

    /**
     * Asks the plugin at once, then again and again.
     *
     * @param well is told whenever the plugin is well
     */
    synchronized void start(Runnable well) {
        if (thread != null) {
            return;
        }
        check();
        onWell = well;
        thread = runtime.start("kms " + config.called(), () -> {
            try {
                while (true) {
                    runtime.sleep(failure.isEmpty() ? WHEN_WELL : WHEN_NOT);
                    check();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Why the plugin is of no use now; empty when it is. */
    Optional<String> failure() {
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }

    /** Asks the plugin how it is. */
    synchronized void check() {
        String before = failure;
        String now = "";
        try {
            StatusResponse status = client.status();
            List<String> errors = new ArrayList<>();
            if (!status.getHealthz().equals("ok")) {
                errors.add("got unexpected healthz status: " + status.getHealthz());
            }
            if (!status.getVersion().equals("v2") && !status.getVersion().equals("v2beta1")) {
                errors.add("expected KMSv2 API version v2, got " + status.getVersion());
            }
            try {
                keyId(status.getKeyId());
                rotate(status.getKeyId());
            } catch (GeneralSecurityException e) {
                errors.add(e.getMessage());
            }
            if (!errors.isEmpty()) {
                now = "kmsv2 Provider " + config.called() + " is not healthy, error: "
                        + (errors.size() == 1 ? errors.getFirst() : errors.toString());
            }
        } catch (GeneralSecurityException e) {
            now = "failed to perform status section of the healthz check for KMS Provider " + config.called()
                    + ", error: " + e.getMessage();
        }
        failure = now;
        if (!now.isEmpty() && !now.equals(before)) {
            LOG.error("kms plugin failed health check probe", "name", config.called(), "reason", now);
        } else if (now.isEmpty()) {
            if (!before.isEmpty()) {
                LOG.info("the kms plugin is well", "name", config.called());
            }
            onWell.run();
        }
    }

    /** A new seed where the service has a new key; more time for the old one where it has not. */
    private void rotate(String keyId) throws GeneralSecurityException {
        Instant until = runtime.now().plus(WRITES_FOR);
        State before = state;
        if (before != null && before.template().getKeyID().equals(keyId)) {
            state = new State(before.seed(), before.template(), until);
            return;
        }
        byte[] seed = SeedGcm.newSeed();
        EncryptResponse encrypted = client.encrypt(seed);
        EncryptedObject template = EncryptedObject.newBuilder()
                .setKeyID(encrypted.getKeyId())
                .setEncryptedDEKSource(encrypted.getCiphertext())
                .putAllAnnotations(encrypted.getAnnotationsMap())
                .setEncryptedDEKSourceType(EncryptedDEKSourceType.HKDF_SHA256_XNONCE_AES_GCM_SEED)
                .build();
        check(template);
        if (!encrypted.getKeyId().equals(keyId)) {
            throw new GeneralSecurityException(
                    "failed to rotate DEK: the key ids of status and encryption are not the same");
        }
        SeedGcm made = new SeedGcm(seed);
        sources.put(template, made::open);
        state = new State(made, template, until);
    }

    @Override
    public ByteString prefix() {
        return prefix;
    }

    @Override
    public ByteString seal(ByteString path, byte[] plain) throws GeneralSecurityException {
        State now = state;
        if (now == null) {
            throw new GeneralSecurityException("got unexpected nil transformer: " + failure);
        }
        if (runtime.now().isAfter(now.until())) {
            throw new GeneralSecurityException("encryptedDEKSource expired at " + now.until() + " (current time is "
                    + runtime.now() + "): " + failure);
        }
        EncryptedObject object = now.template().toBuilder()
                .setEncryptedData(now.seed().seal(path, plain))
                .build();
        return prefix.concat(object.toByteString());
    }

    @Override
    public byte[] open(ByteString path, ByteString sealed) throws GeneralSecurityException {
        EncryptedObject object = parse(sealed);
        check(object);
        EncryptedObject template = object.toBuilder().clearEncryptedData().build();
        Source source = sources.get(template);
        if (source == null) {
            try {
                source = source(object);
            } catch (GeneralSecurityException e) {
                throw new GeneralSecurityException("failed to decrypt DEK, error: " + e.getMessage(), e);
            }
            sources.put(template, source);
            metrics.kept(config.name().orElse(""), sources.size());
        }
        return source.open(path, object.getEncryptedData().toByteArray());
    }

    private Source source(EncryptedObject object) throws GeneralSecurityException {
        byte[] source = client.decrypt(object);
        if (object.getEncryptedDEKSourceType() == EncryptedDEKSourceType.HKDF_SHA256_XNONCE_AES_GCM_SEED) {
            return new SeedGcm(source)::open;
        }
        SecretKeySpec key = new SecretKeySpec(source, "AES");
        return (path, data) -> SeedGcm.open(key, path, data);
    }

    @Override
    public boolean isStale(ByteString stored) {
        State now = state;
        if (!covers(stored) || now == null) {
            return !covers(stored);
        }
        try {
            EncryptedObject object = parse(stored);
            return !object.getKeyID().equals(now.template().getKeyID())
                    || object.getEncryptedDEKSourceType() != now.template().getEncryptedDEKSourceType();
        } catch (GeneralSecurityException e) {
            return true;
        }
    }

    private EncryptedObject parse(ByteString sealed) throws GeneralSecurityException {
        try {
            return EncryptedObject.parseFrom(sealed.substring(prefix.size()));
        } catch (InvalidProtocolBufferException e) {
            throw new GeneralSecurityException("the stored data is no EncryptedObject: " + e.getMessage(), e);
        }
    }

    private static void check(EncryptedObject object) throws GeneralSecurityException {
        if (object.getEncryptedDEKSourceType() == EncryptedDEKSourceType.UNRECOGNIZED) {
            throw new GeneralSecurityException(
                    "unknown encryptedDEKSourceType: " + object.getEncryptedDEKSourceTypeValue());
        }
        int length = object.getEncryptedDEKSource().size();
        if (length == 0) {
            throw new GeneralSecurityException(
                    "failed to validate encrypted DEK source: encrypted DEK source is empty");
        }
        if (length > MAX_SMALL) {
            throw new GeneralSecurityException("failed to validate encrypted DEK source: encrypted DEK source is "
                    + length + " bytes, which exceeds the max size of " + MAX_SMALL);
        }
        try {
            keyId(object.getKeyID());
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("failed to validate key id: " + e.getMessage(), e);
        }
        int annotations = 0;
        for (Map.Entry<String, ByteString> one : object.getAnnotationsMap().entrySet()) {
            annotations += one.getKey().length() + one.getValue().size();
            if (!one.getKey().contains(".")
                    || !Names.dns1123Subdomain(one.getKey()).isEmpty()) {
                throw new GeneralSecurityException("failed to validate annotations: annotations: Invalid value: \""
                        + one.getKey() + "\": should be a domain with at least two segments separated by dots");
            }
        }
        if (annotations > MAX_ANNOTATIONS) {
            throw new GeneralSecurityException("failed to validate annotations: total size of annotations is "
                    + annotations + ", which exceeds the max size of " + MAX_ANNOTATIONS);
        }
    }

    private static void keyId(String id) throws GeneralSecurityException {
        if (id.isEmpty()) {
            throw new GeneralSecurityException("keyID is empty");
        }
        if (id.length() > MAX_SMALL) {
            throw new GeneralSecurityException(
                    "keyID is " + id.length() + " bytes, which exceeds the max size of " + MAX_SMALL);
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.interrupt();
        }
        client.close();
    }
}

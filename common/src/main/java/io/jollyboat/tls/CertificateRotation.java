package io.jollyboat.tls;

import com.google.protobuf.ByteString;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * Renews a client certificate through the CSR API before it ends, at a moment of its last third that differs from node to
 * node. The file, which holds certificate and key, is replaced as a whole; {@link TlsContexts} over it take up the new
 * one. One thread, which waits most of the time.
 */
public final class CertificateRotation implements AutoCloseable {
    private static final Log LOG = Log.of(CertificateRotation.class);
    private static final ResourceType<CertificateSigningRequest> REQUESTS = Kinds.of(CertificateSigningRequest.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration ISSUE_PATIENCE = Duration.ofMinutes(15);
    private static final Duration MIN_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration MAX_BACK_OFF = Duration.ofMinutes(5);
    /** So that a clock that jumps is noticed. */
    private static final Duration MAX_SLEEP = Duration.ofHours(1);

    private final Path file;
    private final CertificateRequest wanted;
    private final ApiClient client;
    private final Runtime runtime;
    private Thread thread;

    /** @param wanted subject of the kubelet's client certificate */
    public CertificateRotation(Path file, CertificateRequest wanted, ApiClient client, Runtime runtime) {
        this.file = file;
        this.wanted = wanted;
        this.client = client;
        this.runtime = runtime;
    }

    public synchronized void start() {
        thread = runtime.start("rotate " + file.getFileName(), this::run);
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        Duration backOff = MIN_BACK_OFF;
        try {
            while (true) {
                sleepUntil(
                        due(Pem.certificates(file).getFirst(), runtime.random().nextDouble()));
                try {
                    renew();
                    backOff = MIN_BACK_OFF;
                } catch (RuntimeException e) {
                    LOG.warn("certificate was not renewed", "file", file, "reason", e.getMessage());
                    runtime.sleep(backOff);
                    backOff = backOff.multipliedBy(2).compareTo(MAX_BACK_OFF) > 0
                            ? MAX_BACK_OFF
                            : backOff.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When 70 to 90 percent of the certificate's life are over. */
    static Instant due(X509Certificate certificate, double chance) {
        Instant start = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(start, certificate.getNotAfter().toInstant());
        return start.plusMillis((long) (life.toMillis() * (0.7 + 0.2 * chance)));
    }

    private void sleepUntil(Instant due) throws InterruptedException {
        for (Duration left = left(due); left.isPositive(); left = left(due)) {
            runtime.sleep(left.compareTo(MAX_SLEEP) > 0 ? MAX_SLEEP : left);
        }
    }

    private Duration left(Instant due) {
        return Duration.between(runtime.now(), due);
    }

    private void renew() throws InterruptedException {
        KeyPair pair = CertificateAuthority.newKeyPair();
        CertificateSigningRequest created = client.create(
                REQUESTS,
                CertificateSigningRequest.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setGenerateName("csr-"))
                        .setSpec(CertificateSigningRequestSpec.newBuilder()
                                .setSignerName(SigningRequests.KUBELET_CLIENT)
                                .addUsages("digital signature")
                                .addUsages("client auth")
                                .setRequest(ByteString.copyFrom(SigningRequests.create(wanted, pair))))
                        .build());
        String pem = awaitCertificate(created);
        X509Certificate issued = first(pem);
        if (!CertificateCheck.belongTogether(issued.getPublicKey(), pair.getPrivate())) {
            throw new TlsException(
                    "the certificate issued for " + created.getMetadata().getName() + " is for another key");
        }
        PrivateFiles.writeSecret(file, pem + Pem.encode(pair.getPrivate()));
        LOG.info(
                "certificate renewed",
                "file",
                file,
                "notAfter",
                issued.getNotAfter().toInstant());
    }

    private static X509Certificate first(String pem) {
        try {
            return Pem.certificates(pem).getFirst();
        } catch (CertificateException e) {
            throw new TlsException("the certificate issued cannot be read", e);
        }
    }

    private String awaitCertificate(CertificateSigningRequest created) throws InterruptedException {
        String name = created.getMetadata().getName();
        Instant deadline = runtime.now().plus(ISSUE_PATIENCE);
        CertificateSigningRequest present = created;
        while (present.getStatus().getCertificate().isEmpty()) {
            present.getStatus().getConditionsList().stream()
                    .filter(condition -> !condition.getType().equals("Approved"))
                    .findFirst()
                    .ifPresent(condition -> {
                        throw new TlsException("certificate request " + name + ": " + condition.getType() + ": "
                                + condition.getMessage());
                    });
            if (runtime.now().isAfter(deadline)) {
                throw new TlsException("certificate request " + name + ": nobody signed it in time");
            }
            runtime.sleep(POLL);
            present = client.get(REQUESTS, REQUESTS.key(created));
        }
        return present.getStatus().getCertificate().toString(StandardCharsets.US_ASCII);
    }
}

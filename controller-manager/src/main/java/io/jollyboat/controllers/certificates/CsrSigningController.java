package io.jollyboat.controllers.certificates;

import com.google.protobuf.ByteString;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.CertificateRequest.Usage;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.SigningRequests.Content;
import io.jollyboat.tls.TlsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Signs approved requests with the cluster's authority, which is read anew each time so that it may be replaced. */
public final class CsrSigningController {
    private static final ResourceType<CertificateSigningRequest> REQUESTS = Kinds.of(CertificateSigningRequest.class);
    private static final int WORKERS = 1;
    private static final Duration MAX_LIFETIME = Duration.ofDays(365);
    private static final Duration MIN_LIFETIME = Duration.ofMinutes(10);

    private final ControllerContext context;
    private final Path authorityFile;
    private final Path authorityKeyFile;
    private final Informer<CertificateSigningRequest> requests;

    private CsrSigningController(ControllerContext context, Path authorityFile, Path authorityKeyFile) {
        this.context = context;
        this.authorityFile = authorityFile;
        this.authorityKeyFile = authorityKeyFile;
        this.requests = context.informers().of(REQUESTS);
    }

    /** Without an authority it signs nothing: somebody else does. */
    public static Controller create(
            ControllerContext context, Optional<Path> authorityFile, Optional<Path> authorityKeyFile) {
        if (authorityFile.isEmpty() || authorityKeyFile.isEmpty()) {
            return new Controller();
        }
        CsrSigningController controller =
                new CsrSigningController(context, authorityFile.get(), authorityKeyFile.get());
        ControllerLoop loop = context.loop("csrsigning", WORKERS, controller::reconcile);
        controller.requests.addHandler((before, after) -> {
            if (after != null) {
                loop.add(REQUESTS.key(after));
            }
        });
        return Controller.of(loop, controller.requests);
    }

    private Outcome reconcile(ObjectKey key) {
        CertificateSigningRequest request = requests.get(key);
        if (request == null
                || !Conditions.has(request, Conditions.APPROVED)
                || Conditions.has(request, Conditions.FAILED)
                || Conditions.has(request, Conditions.DENIED)
                || !request.getStatus().getCertificate().isEmpty()
                || !SigningRules.SIGNERS.contains(request.getSpec().getSignerName())) {
            return Outcome.done();
        }
        CertificateSigningRequestSpec spec = request.getSpec();
        Content content;
        try {
            content = SigningRequests.parse(spec.getRequest().toByteArray());
        } catch (TlsException e) {
            return new Outcome.Terminal("unable to parse csr: " + e.getMessage());
        }
        Optional<String> refusal = SigningRules.refusal(spec.getSignerName(), content, spec.getUsagesList());
        CertificateSigningRequest answer = refusal.isPresent()
                ? Conditions.with(
                        request,
                        Conditions.FAILED,
                        "SignerValidationFailure",
                        refusal.get(),
                        context.runtime().now())
                : signed(request, content);
        context.client().updateStatus(REQUESTS, answer);
        return Outcome.done();
    }

    private CertificateSigningRequest signed(CertificateSigningRequest request, Content content) {
        CertificateAuthority authority = CertificateAuthority.load(authorityFile, authorityKeyFile);
        X509Certificate certificate = authority.sign(
                new CertificateRequest(
                        content.commonName(),
                        content.organizations(),
                        Stream.concat(content.dnsNames().stream(), content.addresses().stream())
                                .toList(),
                        usages(request.getSpec().getUsagesList())),
                content.key(),
                context.runtime().now(),
                lifetime(request.getSpec()));
        CertificateSigningRequest.Builder answer = request.toBuilder();
        answer.getStatusBuilder()
                .setCertificate(ByteString.copyFrom(Pem.encode(certificate).getBytes(StandardCharsets.US_ASCII)));
        return answer.build();
    }

    private static Set<Usage> usages(List<String> names) {
        Set<Usage> usages = EnumSet.noneOf(Usage.class);
        if (names.contains("client auth")) {
            usages.add(Usage.CLIENT);
        }
        if (names.contains("server auth")) {
            usages.add(Usage.SERVER);
        }
        return usages;
    }

    static Duration lifetime(CertificateSigningRequestSpec spec) {
        if (!spec.hasExpirationSeconds()) {
            return MAX_LIFETIME;
        }
        Duration asked = Duration.ofSeconds(spec.getExpirationSeconds());
        if (asked.compareTo(MAX_LIFETIME) > 0) {
            return MAX_LIFETIME;
        }
        return asked.compareTo(MIN_LIFETIME) < 0 ? MIN_LIFETIME : asked;
    }
}

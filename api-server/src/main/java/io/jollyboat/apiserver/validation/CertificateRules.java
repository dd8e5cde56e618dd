package io.jollyboat.apiserver.validation;

import com.google.protobuf.ByteString;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestCondition;
import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.TlsException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of certificate signing requests. */
final class CertificateRules {
    private static final String LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
    private static final int SHORTEST_SECONDS = 600;
    private static final List<String> DECISIONS = List.of("Approved", "Denied");
    private static final List<String> USAGES = List.of(
            "any",
            "cert sign",
            "client auth",
            "code signing",
            "content commitment",
            "crl sign",
            "data encipherment",
            "decipher only",
            "digital signature",
            "email protection",
            "encipher only",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "key agreement",
            "key encipherment",
            "microsoft sgc",
            "netscape sgc",
            "ocsp signing",
            "s/mime",
            "server auth",
            "signing",
            "timestamping");

    private CertificateRules() {}

    static void create(Errors errors, CertificateSigningRequest request) {
        check(errors, request, CertificateSigningRequest.getDefaultInstance());
    }

    static void update(Errors errors, CertificateSigningRequest request, CertificateSigningRequest old) {
        change(errors, request, old, false, false);
    }

    static void approval(Errors errors, CertificateSigningRequest request, CertificateSigningRequest old) {
        change(errors, request, old, true, false);
    }

    static void status(Errors errors, CertificateSigningRequest request, CertificateSigningRequest old) {
        change(errors, request, old, false, true);
    }

    /** What the old object has wrong already is let pass. */
    private static void check(Errors errors, CertificateSigningRequest request, CertificateSigningRequest old) {
        MetaRules.check(errors, request.getMetadata(), false, "metadata", name -> List.of());
        request(errors, request.getSpec().getRequest());
        usages(errors, request.getSpec().getUsagesList(), old.getSpec().getUsagesList());
        String signer = request.getSpec().getSignerName();
        if (signer.equals(LEGACY_SIGNER) && !old.getSpec().getSignerName().equals(LEGACY_SIGNER)) {
            errors.invalid("spec.signerName", signer, "the legacy signerName is not allowed via this API version");
        } else {
            Texts.signerName(errors, signer, "spec.signerName");
        }
        int seconds = request.getSpec().getExpirationSeconds();
        if (request.getSpec().hasExpirationSeconds() && seconds < SHORTEST_SECONDS) {
            errors.invalid(
                    "spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }
        conditions(
                errors, request.getStatus().getConditionsList(), old.getStatus().getConditionsList());
        ByteString certificate = request.getStatus().getCertificate();
        if (!certificate.equals(old.getStatus().getCertificate())) {
            String problem = Certificates.problem(certificate);
            if (!problem.isEmpty()
                    && Certificates.problem(old.getStatus().getCertificate()).isEmpty()) {
                errors.invalid("status.certificate", "<certificate data>", problem);
            }
        }
    }

    private static void request(Errors errors, ByteString request) {
        try {
            SigningRequests.parse(request.toByteArray());
        } catch (TlsException e) {
            boolean pem = request.toStringUtf8().contains("-----BEGIN CERTIFICATE REQUEST-----");
            errors.invalid(
                    "spec.request",
                    request.isEmpty()
                            ? Errors.bare("null")
                            : Base64.getEncoder().encodeToString(request.toByteArray()),
                    pem ? e.getMessage() : "PEM block type must be CERTIFICATE REQUEST");
        }
    }

    private static void usages(Errors errors, List<String> usages, List<String> old) {
        if (usages.isEmpty()) {
            errors.required("spec.usages");
        }
        if (USAGES.containsAll(old)) {
            for (int i = 0; i < usages.size(); i++) {
                errors.oneOf("spec.usages[" + i + "]", usages.get(i), USAGES.toArray(String[]::new));
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < usages.size() && new HashSet<>(old).size() == old.size(); i++) {
            if (!seen.add(usages.get(i))) {
                errors.duplicate("spec.usages[" + i + "]", usages.get(i));
            }
        }
    }

    private static void conditions(
            Errors errors,
            List<CertificateSigningRequestCondition> conditions,
            List<CertificateSigningRequestCondition> old) {
        Set<String> before = types(old);
        boolean wasDuplicate = before.size() < old.size();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String at = "status.conditions[" + i + "]";
            String type = conditions.get(i).getType();
            if (type.isEmpty() && !before.contains("")) {
                errors.required(at + ".type");
            }
            String status = conditions.get(i).getStatus();
            boolean trueOnly = DECISIONS.contains(type) || type.equals("Failed");
            if (errors.present(at + ".status", status)) {
                errors.oneOf(
                        at + ".status",
                        status,
                        trueOnly ? new String[] {"True"} : new String[] {"False", "True", "Unknown"});
            }
            boolean both = DECISIONS.contains(type)
                    && seen.contains(type.equals("Approved") ? "Denied" : "Approved")
                    && !before.containsAll(DECISIONS);
            if (both) {
                errors.invalid("status.conditions", type, "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type) && !wasDuplicate) {
                errors.duplicate(at + ".type", type);
            }
        }
    }

    private static Set<String> types(List<CertificateSigningRequestCondition> conditions) {
        Set<String> types = new HashSet<>();
        conditions.forEach(condition -> types.add(condition.getType()));
        return types;
    }

    private static void change(
            Errors errors,
            CertificateSigningRequest request,
            CertificateSigningRequest old,
            boolean decides,
            boolean certifies) {
        check(errors, request, old);
        for (String type : List.of("Approved", "Denied", "Failed")) {
            if (of(request, type).size() < of(old, type).size()) {
                errors.forbidden("status.conditions", "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        for (String type : decides ? List.<String>of() : DECISIONS) {
            List<CertificateSigningRequestCondition> now = of(request, type);
            List<CertificateSigningRequestCondition> before = of(old, type);
            if (now.size() > before.size()) {
                errors.forbidden("status.conditions", "updates may not add a condition of type \"" + type + "\"");
            } else if (now.size() == before.size() && !now.equals(before)) {
                errors.forbidden("status.conditions", "updates may not modify a condition of type \"" + type + "\"");
            }
        }
        ByteString before = old.getStatus().getCertificate();
        if (!request.getStatus().getCertificate().equals(before)) {
            if (!certifies) {
                errors.forbidden("status.certificate", "updates may not set certificate content");
            } else if (!before.isEmpty()) {
                errors.forbidden("status.certificate", "updates may not modify existing certificate content");
            }
        }
        MetaRules.checkUpdate(errors, request.getMetadata(), old.getMetadata(), "metadata");
    }

    private static List<CertificateSigningRequestCondition> of(CertificateSigningRequest request, String type) {
        return request.getStatus().getConditionsList().stream()
                .filter(condition -> condition.getType().equals(type))
                .toList();
    }
}

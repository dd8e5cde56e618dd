package io.jollyboat.controllers.certificates;

import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.SigningRequests.Content;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What each signer signs, with upstream's texts for what it does not. */
final class SigningRules {
    /** Whose requests this cluster signs. */
    static final Set<String> SIGNERS =
            Set.of(SigningRequests.CLIENT, SigningRequests.KUBELET_CLIENT, SigningRequests.KUBELET_SERVING);

    private static final String NODE_PREFIX = "system:node:";
    private static final List<String> NODE_GROUP = List.of("system:nodes");
    private static final String SIGNATURE = "digital signature";
    private static final String ENCIPHERMENT = "key encipherment";
    private static final String CLIENT_AUTH = "client auth";
    private static final String SERVER_AUTH = "server auth";

    private SigningRules() {}

    /** Why the signer does not sign the request; empty when it does. */
    static Optional<String> refusal(String signer, Content request, List<String> usages) {
        return Optional.ofNullable(
                switch (signer) {
                    case SigningRequests.KUBELET_CLIENT -> kubeletClient(request, usages);
                    case SigningRequests.KUBELET_SERVING -> kubeletServing(request, usages);
                    case SigningRequests.CLIENT -> client(usages);
                    default -> "unrecognized signerName: \"" + signer + "\"";
                });
    }

    private static String kubeletClient(Content request, List<String> usages) {
        if (!request.organizations().equals(NODE_GROUP)) {
            return "subject organization is not system:nodes";
        }
        if (!request.dnsNames().isEmpty()) {
            return "DNS subjectAltNames are not allowed";
        }
        if (!request.addresses().isEmpty()) {
            return "IP subjectAltNames are not allowed";
        }
        if (request.otherNames()) {
            return "URI subjectAltNames are not allowed";
        }
        if (!request.commonName().startsWith(NODE_PREFIX)) {
            return "subject common name does not begin with system:node: ";
        }
        return usages(usages, CLIENT_AUTH);
    }

    private static String kubeletServing(Content request, List<String> usages) {
        if (!request.organizations().equals(NODE_GROUP)) {
            return "subject organization is not system:nodes";
        }
        if (request.dnsNames().isEmpty() && request.addresses().isEmpty()) {
            return "DNS or IP subjectAltName is required";
        }
        if (request.otherNames()) {
            return "URI subjectAltNames are not allowed";
        }
        String usage = usages(usages, SERVER_AUTH);
        if (usage != null) {
            return usage;
        }
        return request.commonName().startsWith(NODE_PREFIX)
                ? null
                : "subject common name does not begin with system:node: ";
    }

    // Encipherment is of no use with EC keys, and may be left out.
    private static String usages(List<String> usages, String purpose) {
        Set<String> given = Set.copyOf(usages);
        Set<String> all = Set.of(SIGNATURE, ENCIPHERMENT, purpose);
        return given.equals(all) || given.equals(Set.of(SIGNATURE, purpose))
                ? null
                : "usages did not match " + new TreeSet<>(all).toString().replace(", ", " ");
    }

    private static String client(List<String> usages) {
        for (String usage : usages) {
            if (!Set.of(SIGNATURE, ENCIPHERMENT, CLIENT_AUTH).contains(usage)) {
                return "invalid usage for client certificate: " + usage;
            }
        }
        return usages.contains(CLIENT_AUTH) ? null : "missing required usage for client certificate: " + CLIENT_AUTH;
    }
}

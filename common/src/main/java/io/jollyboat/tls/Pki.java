package io.jollyboat.tls;

import io.jollyboat.log.Log;
import io.jollyboat.tls.CertificateRequest.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A cluster's keys and certificates in a folder, under the names that kubeadm gives them. Making it twice changes
 * nothing; what is missing, ends soon or lacks a name is made anew. Keys have mode 0600. One process at a time writes.
 */
public final class Pki {
    private static final Log LOG = Log.of(Pki.class);
    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
    private static final Duration LEAF_LIFETIME = Duration.ofDays(365);
    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1");
    private static final List<String> API_SERVER_NAMES = List.of(
            "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local");

    private final Path folder;
    private final InstantSource clock;

    public Pki(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Makes all that the control plane needs.
     *
     * @param apiServerNames further DNS names and addresses that clients reach the API server under; the in-cluster
     *     names, the Service address 10.96.0.1 and localhost are always there
     * @param etcdNames the same for etcd
     */
    public void init(List<String> apiServerNames, List<String> etcdNames) {
        CertificateAuthority cluster = authority("ca", "kubernetes");
        CertificateAuthority etcd = authority("etcd/ca", "etcd-ca");
        CertificateAuthority frontProxy = authority("front-proxy-ca", "front-proxy-ca");

        List<String> names = union(API_SERVER_NAMES, LOCAL, List.of("10.96.0.1"), apiServerNames);
        leaf("apiserver", cluster, CertificateRequest.server("kube-apiserver", names));
        leaf("apiserver-kubelet-client", cluster, CertificateRequest.client("kube-apiserver-kubelet-client"));
        leaf("apiserver-etcd-client", etcd, CertificateRequest.client("kube-apiserver-etcd-client"));
        leaf("etcd/server", etcd, etcdServer(union(LOCAL, etcdNames)));
        leaf("front-proxy-client", frontProxy, CertificateRequest.client("front-proxy-client"));
        leaf("admin", cluster, CertificateRequest.client("kubernetes-admin", "system:masters"));
        component(cluster, "controller-manager", apiServerNames);
        component(cluster, "scheduler", apiServerNames);
        leaf("kube-proxy", cluster, CertificateRequest.client("system:kube-proxy"));
        serviceAccountKey();
    }

    /** Makes the certificates of a node's kubelet: client of the API server, and server for logs and exec. */
    public void addNode(String node, List<String> addresses) {
        CertificateAuthority cluster = authority("ca", "kubernetes");
        Path client = kubeletClientFile(node);
        leaf(client, client, cluster, CertificateRequest.client("system:node:" + node, "system:nodes"));
        List<String> names = union(List.of(node), LOCAL, addresses);
        leaf(
                nodePath(node) + "/kubelet",
                cluster,
                new CertificateRequest("system:node:" + node, List.of("system:nodes"), names, Set.of(Usage.SERVER)));
    }

    /** The API server's serving certificate, with the authority of its clients. */
    public TlsFiles apiServer() {
        return files("apiserver", "ca");
    }

    /** The API server as a client of kubelets. */
    public TlsFiles apiServerKubeletClient() {
        return files("apiserver-kubelet-client", "ca");
    }

    /** The API server as a client of etcd. */
    public TlsFiles apiServerEtcdClient() {
        return files("apiserver-etcd-client", "etcd/ca");
    }

    public TlsFiles etcdServer() {
        return files("etcd/server", "etcd/ca");
    }

    /** The API server as a client of aggregated API servers. */
    public TlsFiles frontProxyClient() {
        return files("front-proxy-client", "ca");
    }

    /** kubernetes-admin of the group system:masters. */
    public TlsFiles admin() {
        return files("admin", "ca");
    }

    /**
     * The same user for client libraries of all kinds, such as fabric8's, which reads no EC key without help: with an RSA
     * key, made at the first call, since it takes a while.
     */
    public TlsFiles portableAdmin() {
        leaf(
                path("portable-admin", ".crt"),
                path("portable-admin", ".key"),
                authority("ca", "kubernetes"),
                CertificateRequest.client("kubernetes-admin", "system:masters"),
                CertificateAuthority::newRsaKeyPair);
        return files("portable-admin", "ca");
    }

    public TlsFiles controllerManager() {
        return files("controller-manager", "ca");
    }

    public TlsFiles scheduler() {
        return files("scheduler", "ca");
    }

    public TlsFiles schedulerServing() {
        return files("scheduler-serving", "ca");
    }

    public TlsFiles kubeProxy() {
        return files("kube-proxy", "ca");
    }

    /** The node's kubelet as a client of the API server: one file, since the kubelet replaces both at once. */
    public TlsFiles kubeletClient(String node) {
        return new TlsFiles(kubeletClientFile(node), kubeletClientFile(node), clusterAuthority());
    }

    private Path kubeletClientFile(String node) {
        return folder.resolve(nodePath(node) + "/kubelet-client-current.pem");
    }

    public TlsFiles kubeletServing(String node) {
        return files(nodePath(node) + "/kubelet", "ca");
    }

    /** The cluster's authority: what in-cluster clients trust. */
    public Path clusterAuthority() {
        return path("ca", ".crt");
    }

    /** The cluster authority's key, for the signer of certificate requests. */
    public Path clusterAuthorityKey() {
        return path("ca", ".key");
    }

    /** The authority of front proxies, whose identity headers count. */
    public Path frontProxyAuthority() {
        return path("front-proxy-ca", ".crt");
    }

    /** Signs service-account tokens. */
    public Path serviceAccountPrivateKey() {
        return path("sa", ".key");
    }

    /** Verifies service-account tokens. */
    public Path serviceAccountPublicKey() {
        return path("sa", ".pub");
    }

    private static String nodePath(String node) {
        if (node.isEmpty() || node.contains("/") || node.contains("..")) {
            throw new IllegalArgumentException("no node name: " + node);
        }
        return "nodes/" + node;
    }

    // etcd's gRPC gateway dials its own server with this certificate, so it is a client's too.
    private static CertificateRequest etcdServer(List<String> names) {
        return new CertificateRequest("etcd", List.of(), names, Set.of(Usage.SERVER, Usage.CLIENT));
    }

    private void component(CertificateAuthority cluster, String name, List<String> names) {
        leaf(name, cluster, CertificateRequest.client("system:kube-" + name));
        leaf(name + "-serving", cluster, CertificateRequest.server("kube-" + name, union(LOCAL, names)));
    }

    private CertificateAuthority authority(String base, String commonName) {
        Path certificateFile = path(base, ".crt");
        Path keyFile = path(base, ".key");
        boolean hasCertificate = Files.exists(certificateFile);
        if (hasCertificate != Files.exists(keyFile)) {
            // A new authority would cut off everything that trusts the old one.
            throw new TlsException(
                    hasCertificate
                            ? keyFile + ": missing, though " + certificateFile
                                    + " is there: put it back, or remove both"
                            : certificateFile + ": missing, though " + keyFile
                                    + " is there: put it back, or remove both");
        }
        if (!hasCertificate) {
            CertificateAuthority made = CertificateAuthority.create(commonName, clock.instant(), AUTHORITY_LIFETIME);
            PrivateFiles.writeSecret(keyFile, Pem.encode(made.key()));
            PrivateFiles.writePublic(certificateFile, Pem.encode(made.certificate()));
            return made;
        }
        CertificateAuthority present = CertificateAuthority.load(certificateFile, keyFile);
        X509Certificate certificate = present.certificate();
        if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
            throw new TlsException(certificateFile + ": ended on "
                    + certificate.getNotAfter().toInstant() + "; the cluster needs a new authority");
        }
        return present;
    }

    private void leaf(String base, CertificateAuthority authority, CertificateRequest request) {
        leaf(path(base, ".crt"), path(base, ".key"), authority, request);
    }

    private void leaf(Path certificateFile, Path keyFile, CertificateAuthority authority, CertificateRequest request) {
        leaf(certificateFile, keyFile, authority, request, CertificateAuthority::newKeyPair);
    }

    private void leaf(
            Path certificateFile,
            Path keyFile,
            CertificateAuthority authority,
            CertificateRequest request,
            Supplier<KeyPair> keys) {
        Instant now = clock.instant();
        if (Files.exists(certificateFile) && Files.exists(keyFile)) {
            Optional<String> reason = whyRenew(certificateFile, keyFile, authority, request, now);
            if (reason.isEmpty()) {
                return;
            }
            LOG.info("certificate is made anew", "file", certificateFile, "reason", reason.get());
        }
        KeyPair pair = keys.get();
        X509Certificate certificate = authority.sign(request, pair.getPublic(), now, LEAF_LIFETIME);
        if (certificateFile.equals(keyFile)) {
            PrivateFiles.writeSecret(keyFile, Pem.encode(certificate) + Pem.encode(pair.getPrivate()));
            return;
        }
        PrivateFiles.writeSecret(keyFile, Pem.encode(pair.getPrivate()));
        PrivateFiles.writePublic(certificateFile, Pem.encode(certificate));
    }

    /** A damaged leaf is no loss: unlike an authority, it can be made anew. */
    private static Optional<String> whyRenew(
            Path certificateFile,
            Path keyFile,
            CertificateAuthority authority,
            CertificateRequest request,
            Instant now) {
        try {
            return CertificateCheck.whyRenew(
                    Pem.certificates(certificateFile).getFirst(), Pem.privateKey(keyFile), request, authority, now);
        } catch (TlsException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void serviceAccountKey() {
        Path keyFile = serviceAccountPrivateKey();
        Path publicFile = serviceAccountPublicKey();
        boolean hasKey = Files.exists(keyFile);
        if (hasKey && Files.exists(publicFile)) {
            return;
        }
        if (hasKey) {
            throw new TlsException(
                    publicFile + ": missing, though " + keyFile + " is there: put it back, or remove both");
        }
        KeyPair pair = CertificateAuthority.newKeyPair();
        PrivateFiles.writeSecret(keyFile, Pem.encode(pair.getPrivate()));
        PrivateFiles.writePublic(publicFile, Pem.encode(pair.getPublic()));
    }

    private TlsFiles files(String base, String authority) {
        return new TlsFiles(path(base, ".crt"), path(base, ".key"), path(authority, ".crt"));
    }

    private Path path(String base, String suffix) {
        return folder.resolve(base + suffix);
    }

    @SafeVarargs
    private static List<String> union(List<String>... lists) {
        Set<String> all = new LinkedHashSet<>();
        for (List<String> list : lists) {
            all.addAll(list);
        }
        return new ArrayList<>(all);
    }
}

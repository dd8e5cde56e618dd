package io.jollyboat.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.jollyboat.api.authentication.v1.BoundObjectReference;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.certificates.v1.CertificateSigningRequestSpec;
import io.jollyboat.api.coordination.v1.Lease;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.PrivateFiles;
import io.jollyboat.tls.SigningRequests;
import io.jollyboat.tls.TlsFiles;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may come in through either door, and what for: over real TLS, with nothing switched off. */
class SecurityDoorsTest {
    private static EmbeddedApiServer server;
    private static RestClient admin;
    private static RestClient stranger;
    private static GrpcApiClient adminClient;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = EmbeddedApiServer.start();
        admin = RestClient.admin(server);
        adminClient = server.adminClient();
        stranger = rest(pki -> TlsFiles.trusting(pki.clusterAuthority()));
        for (String node : List.of("n1", "n2")) {
            server.pki().addNode(node, List.of("10.90.0.2"));
        }
    }

    @AfterAll
    static void stop() {
        stranger.close();
        admin.close();
        server.close();
    }

    private static RestClient rest(EmbeddedApiServer.TlsFilesOf identity) {
        return new RestClient(server.url(), server.tls(identity), HttpClient.Version.HTTP_1_1);
    }

    @Test
    void strangersSeeOnlyThatTheServerIsThere() {
        for (String open : List.of("/livez", "/readyz", "/healthz", "/version", "/version/")) {
            assertThat(stranger.get(open).code()).as(open).isEqualTo(200);
        }
        for (String closed :
                List.of("/", "/api", "/apis", "/metrics", "/openapi/v3", "/readyz/etcd", "/version/x", "/nosuch")) {
            Answer answer = stranger.get(closed);
            assertThat(answer.code()).as(closed).isEqualTo(403);
            assertThat(answer.text())
                    .isEqualToNormalizingWhitespace(
                            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                                    + "\"message\":\"forbidden: User \\\"system:anonymous\\\" cannot get path \\\""
                                    + closed + "\\\"\",\"reason\":\"Forbidden\",\"details\":{},\"code\":403}");
        }
        assertThat(stranger.get("/api/v1/pods").message())
                .isEqualTo("pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group"
                        + " \"\" at the cluster scope");
        assertThat(stranger.post("/api/v1/namespaces", "{}").code()).isEqualTo(403);
        // Not even to ask what he may do.
        assertThat(stranger.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "{}")
                        .code())
                .isEqualTo(403);
        assertThat(stranger.send("GET", "/version", Map.of("Authorization", "Basic eDp5"), null)
                        .code())
                .isEqualTo(200);
    }

    /** The door of the components asks for a certificate whatever is configured. */
    @Test
    void strangersDoNotGetThroughTheOtherDoor() {
        try (GrpcApiClient nobody = server.client(TlsFiles.trusting(server.pki().clusterAuthority()), "nobody")) {
            assertThatThrownBy(() -> nobody.list(Kinds.of(Pod.class), "", Selection.ALL))
                    .isInstanceOf(ApiException.class)
                    .satisfies(e -> assertThat(((ApiException) e).code()).isNotEqualTo(403));
        }
    }

    @Test
    void badCredentialsAreAnswered() {
        assertThat(stranger.send("GET", "/version", Map.of("Authorization", "Bearer nonsense"), null)
                        .code())
                .isEqualTo(401);
        KeyPair pair = CertificateAuthority.newKeyPair();
        Instant now = io.jollyboat.runtime.SystemRuntime.instance().now();
        CertificateAuthority foreign = CertificateAuthority.create("kubernetes", now, Duration.ofDays(1));
        CertificateAuthority own = CertificateAuthority.load(
                server.pki().clusterAuthority(), server.pki().clusterAuthorityKey());
        CertificateRequest root = CertificateRequest.client("root", "system:masters");
        // Signed by a stranger, out of its time, and for servers only.
        assertThat(codeWith(pair, Pem.encode(foreign.sign(root, pair.getPublic(), now, Duration.ofHours(1)))))
                .isEqualTo(401);
        assertThat(codeWith(
                        pair,
                        Pem.encode(
                                own.sign(root, pair.getPublic(), now.minus(Duration.ofDays(3)), Duration.ofDays(1)))))
                .isEqualTo(401);
        assertThat(codeWith(
                        pair,
                        Pem.encode(own.sign(
                                CertificateRequest.server("root", List.of("localhost")),
                                pair.getPublic(),
                                now,
                                Duration.ofDays(1)))))
                .isIn(401, 0);
        assertThat(codeWith(pair, Pem.encode(own.sign(root, pair.getPublic(), now, Duration.ofHours(1)))))
                .isEqualTo(200);
    }

    private int codeWith(KeyPair pair, String certificate) {
        Path file = folder.resolve("client.pem");
        PrivateFiles.writeSecret(file, certificate + Pem.encode(pair.getPrivate()));
        try (RestClient client = rest(pki -> new TlsFiles(file, file, pki.clusterAuthority()))) {
            return client.get("/api/v1/nodes").code();
        } catch (IllegalStateException e) {
            // The client itself may refuse to show what is no client certificate.
            return 0;
        }
    }

    /** Without a rule there is no way to any resource, by any verb. */
    @Test
    void nobodyReachesAnythingWithoutARule() {
        Map<String, String> as = Map.of("Impersonate-User", "nobody-special");
        List<String> reached = new ArrayList<>();
        int asked = 0;
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            String base = (type.group().isEmpty() ? "/api/v1" : "/apis/" + type.apiVersion())
                    + (type.namespaced() ? "/namespaces/default/" : "/")
                    + type.plural();
            for (String request : List.of(
                    "GET " + base,
                    "GET " + base + "/x",
                    "POST " + base,
                    "PUT " + base + "/x",
                    "PATCH " + base + "/x",
                    "DELETE " + base + "/x",
                    "DELETE " + base,
                    "GET " + base + "/x/status",
                    "GET " + base + "?watch=1")) {
                String[] parts = request.split(" ");
                boolean review = type.plural().startsWith("selfsubject") && parts[0].equals("POST");
                Answer answer = admin.send(parts[0], parts[1], as, null);
                asked++;
                if (answer.code() != 403 && !review) {
                    reached.add(request + " " + answer.code());
                }
            }
        }
        assertThat(reached).isEmpty();
        assertThat(asked).isGreaterThan(500);
    }

    @Test
    void serviceAccountsComeByTokenThroughBothDoors() {
        create(
                Kinds.of(ServiceAccount.class),
                ServiceAccount.newBuilder().setMetadata(meta("robot")).build());
        String token = adminClient
                .createSubresource(
                        Kinds.of(ServiceAccount.class),
                        ObjectKey.of("default", "robot"),
                        "token",
                        TokenRequest.getDefaultInstance(),
                        TokenRequest.getDefaultInstance())
                .getStatus()
                .getToken();
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
        assertThat(stranger.send("GET", "/api/v1/namespaces/default/pods", bearer, null)
                        .message())
                .isEqualTo("pods is forbidden: User \"system:serviceaccount:default:robot\" cannot list resource"
                        + " \"pods\" in API group \"\" in the namespace \"default\"");
        assertThat(stranger.send("GET", "/openid/v1/jwks", bearer, null).code()).isEqualTo(200);
        // The connection is the scheduler's, who may list pods; the token's owner may not.
        GrpcApiClient scheduler = server.client(server.pki().scheduler(), "test");
        assertThat(scheduler.list(Kinds.of(Pod.class), "default", Selection.ALL).items())
                .isEmpty();
        try (GrpcApiClient robot = scheduler.withToken(() -> token)) {
            assertForbidden(() -> robot.list(Kinds.of(Pod.class), "default", Selection.ALL));
            grantPods();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> stranger.send("GET", "/api/v1/namespaces/default/pods", bearer, null)
                                    .code()
                            == 200);
            assertThat(robot.list(Kinds.of(Pod.class), "default", Selection.ALL).items())
                    .isEmpty();
            assertForbidden(() -> robot.list(Kinds.of(Pod.class), "", Selection.ALL));
        }
        admin.delete("/api/v1/namespaces/default/serviceaccounts/robot");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> stranger.send("GET", "/api/v1/namespaces/default/pods", bearer, null)
                                .code()
                        == 401);
    }

    private static void grantPods() {
        admin.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
                "{\"metadata\":{\"name\":\"pods\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],"
                        + "\"verbs\":[\"list\"]}]}");
        admin.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
                "{\"metadata\":{\"name\":\"pods\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":"
                        + "\"Role\",\"name\":\"pods\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"robot\"}]}");
    }

    @Test
    void kubeletsAreKeptToTheirNode() {
        GrpcApiClient n1 = server.client(server.pki().kubeletClient("n1"), "kubelet");
        ResourceType<Node> nodes = Kinds.of(Node.class);
        Node own = n1.create(
                nodes,
                Node.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName("n1"))
                        .build());
        assertForbidden(() -> n1.create(
                nodes,
                Node.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName("n2"))
                        .build()));
        assertForbidden(() -> n1.list(nodes, "", Selection.ALL));
        Node.Builder relabelled = own.toBuilder();
        relabelled.getMetadataBuilder().putLabels("node-role.kubernetes.io/control-plane", "");
        assertForbidden(() -> n1.update(nodes, relabelled.build()));
        n1.create(
                Kinds.of(Lease.class),
                Lease.newBuilder()
                        .setMetadata(meta("n1").toBuilder().setNamespace("kube-node-lease"))
                        .build());
        assertForbidden(() -> n1.create(
                Kinds.of(Lease.class),
                Lease.newBuilder()
                        .setMetadata(meta("n2").toBuilder().setNamespace("kube-node-lease"))
                        .build()));

        create(
                Kinds.of(ServiceAccount.class),
                ServiceAccount.newBuilder().setMetadata(meta("worker")).build());
        create(
                Kinds.of(Secret.class),
                Secret.newBuilder().setMetadata(meta("mounted")).build());
        create(
                Kinds.of(Secret.class),
                Secret.newBuilder().setMetadata(meta("other")).build());
        ObjectKey secret = ObjectKey.of("default", "mounted");
        assertForbidden(() -> n1.get(Kinds.of(Secret.class), secret));
        Pod pod = create(Kinds.of(Pod.class), podOn("n1"));
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(ApiException.class)
                .until(() -> n1.get(Kinds.of(Secret.class), secret) != null);
        assertForbidden(() -> n1.get(Kinds.of(Secret.class), ObjectKey.of("default", "other")));
        assertForbidden(() -> n1.list(Kinds.of(Secret.class), "default", Selection.ALL));
        Selection mounted = Selection.fields("metadata.name=mounted");
        assertThat(n1.list(Kinds.of(Secret.class), "default", mounted).items()).hasSize(1);
        assertForbidden(() -> n1.list(Kinds.of(Secret.class), "default", Selection.fields("metadata.name=other")));
        assertForbidden(() -> n1.list(Kinds.of(Secret.class), "default", Selection.fields("metadata.name!=other")));
        GrpcApiClient n2 = server.client(server.pki().kubeletClient("n2"), "kubelet");
        assertForbidden(() -> n2.get(Kinds.of(Secret.class), secret));

        assertThat(tokenFor(n1, pod).getStatus().getToken()).isNotEmpty();
        assertForbidden(() -> tokenFor(n2, pod));
        assertForbidden(() -> n1.createSubresource(
                Kinds.of(ServiceAccount.class),
                ObjectKey.of("default", "worker"),
                "token",
                TokenRequest.getDefaultInstance(),
                TokenRequest.getDefaultInstance()));
        assertThat(n1.list(Kinds.of(Pod.class), "", Selection.fields("spec.nodeName=n1"))
                        .items())
                .hasSize(1);
        assertForbidden(() -> n1.list(Kinds.of(Pod.class), "", Selection.fields("spec.nodeName=n2")));
    }

    private static TokenRequest tokenFor(ApiClient node, Pod pod) {
        TokenRequest request = TokenRequest.newBuilder()
                .setSpec(TokenRequestSpec.newBuilder()
                        .setExpirationSeconds(3607)
                        .setBoundObjectRef(BoundObjectReference.newBuilder()
                                .setApiVersion("v1")
                                .setKind("Pod")
                                .setName(pod.getMetadata().getName())
                                .setUID(pod.getMetadata().getUid())))
                .build();
        return node.createSubresource(
                Kinds.of(ServiceAccount.class),
                ObjectKey.of("default", "worker"),
                "token",
                request,
                TokenRequest.getDefaultInstance());
    }

    private static Pod podOn(String node) {
        Pod.Builder pod = Pod.newBuilder().setMetadata(meta("p"));
        pod.getSpecBuilder().setNodeName(node).setServiceAccountName("worker");
        pod.getSpecBuilder().addContainersBuilder().setName("c").setImage("i");
        pod.getSpecBuilder()
                .addVolumesBuilder()
                .setName("s")
                .getVolumeSourceBuilder()
                .getSecretBuilder()
                .setSecretName("mounted");
        // As admission adds it, with the audience left to the server.
        pod.getSpecBuilder()
                .addVolumesBuilder()
                .setName("t")
                .getVolumeSourceBuilder()
                .getProjectedBuilder()
                .addSourcesBuilder()
                .getServiceAccountTokenBuilder()
                .setPath("token");
        return pod.build();
    }

    /** A PUT of some kinds creates what is not there; that needs the right to create, too. */
    @Test
    void whoMayOnlyUpdateCreatesNothing() {
        String rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/";
        admin.post(
                rbac + "roles",
                "{\"metadata\":{\"name\":\"updater\"},\"rules\":[{\"apiGroups\":[\"coordination.k8s.io\"],"
                        + "\"resources\":[\"leases\"],\"verbs\":[\"update\"]}]}");
        admin.post(
                rbac + "rolebindings",
                "{\"metadata\":{\"name\":\"updater\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                        + "\"kind\":\"Role\",\"name\":\"updater\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"updater\"}]}");
        String lease = "/apis/coordination.k8s.io/v1/namespaces/default/leases/updated";
        byte[] body = "{\"metadata\":{\"name\":\"updated\"}}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Map<String, String> asUpdater = Map.of("Impersonate-User", "updater", "Content-Type", "application/json");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Answer refused = admin.send("PUT", lease, asUpdater, body);
            assertThat(refused.code()).isEqualTo(403);
            assertThat(refused.text()).contains("User \\\"updater\\\" cannot create resource \\\"leases\\\"");
        });
        assertThat(admin.get(lease).code()).isEqualTo(404);
        assertThat(admin.send("PUT", lease, Map.of("Content-Type", "application/json"), body)
                        .code())
                .isEqualTo(201);
        assertThat(admin.send("PUT", lease, asUpdater, body).text()).contains("must be specified for an update");
    }

    @Test
    void certificateRequestsSayWhoAsked() {
        Pki pki = server.pki();
        ResourceType<CertificateSigningRequest> requests = Kinds.of(CertificateSigningRequest.class);
        GrpcApiClient n1 = server.client(pki.kubeletClient("n1"), "kubelet");
        CertificateSigningRequest made = n1.create(requests, signing("system:node:n1", "somebody-else"));
        assertThat(made.getSpec().getUsername()).isEqualTo("system:node:n1");
        assertThat(made.getSpec().getGroupsList()).contains("system:nodes", "system:authenticated");
        assertForbidden(() -> n1.create(requests, signing("system:node:n2", "x")));
        // Nobody becomes somebody else afterwards.
        CertificateSigningRequest.Builder forged = made.toBuilder();
        forged.getSpecBuilder().setUsername("system:node:n2");
        assertThat(adminClient.update(requests, forged.build()).getSpec().getUsername())
                .isEqualTo("system:node:n1");
        GrpcApiClient scheduler = server.client(pki.scheduler(), "test");
        assertForbidden(() -> scheduler.updateSubresource(requests, "approval", made));
    }

    private static CertificateSigningRequest signing(String commonName, String username) {
        byte[] pem = SigningRequests.create(
                CertificateRequest.client(commonName, "system:nodes"), CertificateAuthority.newKeyPair());
        return CertificateSigningRequest.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setGenerateName("csr-"))
                .setSpec(CertificateSigningRequestSpec.newBuilder()
                        .setSignerName(SigningRequests.KUBELET_CLIENT)
                        .addUsages("digital signature")
                        .addUsages("client auth")
                        .setUsername(username)
                        .setRequest(ByteString.copyFrom(pem)))
                .build();
    }

    private static <T extends com.google.protobuf.Message> T create(ResourceType<T> type, T object) {
        return adminClient.create(type, object);
    }

    private static ObjectMeta meta(String name) {
        return ObjectMeta.newBuilder().setNamespace("default").setName(name).build();
    }

    private static void assertForbidden(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(403));
    }
}

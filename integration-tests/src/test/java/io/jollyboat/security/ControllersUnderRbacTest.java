package io.jollyboat.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.certificates.v1.CertificateSigningRequest;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.ApiClients;
import io.jollyboat.controllers.ControllerManager;
import io.jollyboat.controllers.ControllerManagerConfig;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.CertificateAuthority;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.CertificateRotation;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.PrivateFiles;
import io.jollyboat.tls.TlsFiles;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every controller has the rights of its own ServiceAccount, and they are enough. */
class ControllersUnderRbacTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final SystemRuntime runtime = SystemRuntime.instance();
    private final EmbeddedApiServer server = EmbeddedApiServer.start();
    private final Pki pki = server.pki();
    private final ApiClient admin = server.adminClient();
    private ControllerManager controllers;

    @BeforeEach
    void start() {
        ControllerManagerConfig defaults = ControllerManagerConfig.defaults();
        ControllerManagerConfig config = new ControllerManagerConfig(
                null,
                "10.200.0.0/16",
                24,
                64,
                null,
                "127.0.0.1",
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                "test",
                defaults.terminatedPodThreshold(),
                defaults.nodeLifecycle(),
                Optional.of(pki.clusterAuthority()),
                Optional.of(pki.clusterAuthorityKey()),
                Optional.empty(),
                defaults.legacyTokenCleanUpPeriod(),
                List.of());
        GrpcApiClient client = server.client(pki.controllerManager(), "kube-controller-manager");
        controllers = new ControllerManager(config, "CA", ApiClients.over(client, runtime), runtime, new Metrics());
        controllers.start();
    }

    @AfterEach
    void stop() {
        controllers.close();
        server.close();
    }

    @Test
    void theirRightsAreEnough() {
        create(
                Kinds.of(Namespace.class),
                Namespace.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName("ns"))
                        .build());
        awaitPresent(Kinds.of(ServiceAccount.class), "default");
        awaitPresent(Kinds.of(ConfigMap.class), "kube-root-ca.crt");
        create(Kinds.of(Deployment.class), deployment());
        await().atMost(DEADLINE)
                .until(() -> admin.list(Kinds.of(Pod.class), "ns", Selection.ALL)
                                .items()
                                .size()
                        == 3);
        Service.Builder service = Service.newBuilder().setMetadata(meta("web"));
        service.getSpecBuilder().putSelector("app", "web").addPortsBuilder().setPort(80);
        create(Kinds.of(Service.class), service.build());
        Selection ofService = Selection.labels("kubernetes.io/service-name=web");
        await().atMost(DEADLINE)
                .until(() -> !admin.list(Kinds.of(EndpointSlice.class), "ns", ofService)
                        .items()
                        .isEmpty());
        admin.delete(Kinds.of(Deployment.class), ObjectKey.of("ns", "web"), DeleteOptions.getDefaultInstance());
        await().atMost(DEADLINE)
                .until(() -> admin.list(Kinds.of(Pod.class), "ns", Selection.ALL)
                        .items()
                        .isEmpty());
        admin.delete(Kinds.of(Namespace.class), ObjectKey.cluster("ns"), DeleteOptions.getDefaultInstance());
        await().atMost(DEADLINE).until(() -> {
            try {
                admin.get(Kinds.of(Namespace.class), ObjectKey.cluster("ns"));
                return false;
            } catch (ApiException e) {
                return e.isNotFound();
            }
        });
    }

    @Test
    void kubeletsRenewTheirCertificates() throws Exception {
        KeyPair pair = CertificateAuthority.newKeyPair();
        CertificateRequest identity = CertificateRequest.client("system:node:n1", "system:nodes");
        Instant now = runtime.now();
        X509Certificate old = CertificateAuthority.load(pki.clusterAuthority(), pki.clusterAuthorityKey())
                .sign(identity, pair.getPublic(), now.minus(Duration.ofHours(95)), Duration.ofHours(100));
        Path file = folder.resolve("kubelet-client-current.pem");
        PrivateFiles.writeSecret(file, Pem.encode(old) + Pem.encode(pair.getPrivate()));
        TlsFiles files = new TlsFiles(file, file, pki.clusterAuthority());
        try (CertificateRotation rotation =
                new CertificateRotation(file, identity, server.client(files, "kubelet"), runtime)) {
            rotation.start();
            await().atMost(DEADLINE)
                    .until(() -> !Pem.certificates(file).getFirst().equals(old));
        }
        X509Certificate fresh = Pem.certificates(file).getFirst();
        assertThat(fresh.getSubjectX500Principal()).isEqualTo(old.getSubjectX500Principal());
        assertThat(fresh.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(300)));
        // The new pair opens the door.
        assertThat(server.client(files, "kubelet")
                        .list(Kinds.of(Service.class), "", Selection.ALL)
                        .items())
                .isNotNull();
        List<CertificateSigningRequest> requests = admin.list(
                        Kinds.of(CertificateSigningRequest.class), "", Selection.ALL)
                .items();
        assertThat(requests)
                .singleElement()
                .satisfies(request -> assertThat(request.getStatus().getConditionsList())
                        .singleElement()
                        .satisfies(condition -> assertThat(condition.getMessage())
                                .isEqualTo(
                                        "Auto approving self kubelet client certificate after SubjectAccessReview.")));
    }

    private static Deployment deployment() {
        Deployment.Builder deployment = Deployment.newBuilder().setMetadata(meta("web"));
        deployment.getSpecBuilder().setReplicas(3).getSelectorBuilder().putMatchLabels("app", "web");
        deployment.getSpecBuilder().getTemplateBuilder().getMetadataBuilder().putLabels("app", "web");
        deployment
                .getSpecBuilder()
                .getTemplateBuilder()
                .getSpecBuilder()
                .addContainersBuilder()
                .setName("c")
                .setImage("i");
        return deployment.build();
    }

    private <T extends com.google.protobuf.Message> void create(ResourceType<T> type, T object) {
        admin.create(type, object);
    }

    private void awaitPresent(ResourceType<?> type, String name) {
        await().atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(ApiException.class)
                .until(() -> admin.get(type, ObjectKey.of("ns", name)) != null);
    }

    private static ObjectMeta meta(String name) {
        return ObjectMeta.newBuilder().setNamespace("ns").setName(name).build();
    }
}

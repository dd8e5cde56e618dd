package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.PersistentVolumeClaim;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.quota.Amounts;
import io.jollyboat.values.IntOrStrings;
import io.jollyboat.values.Quantities;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What all controllers do together. What they work through, the subclasses say. */
abstract class ControllersContract extends ControllersFixture {
    @Test
    void aDeploymentRollsOutBehindAServiceAndGoesWithAllItsParts() {
        node("n1");
        deployment("web", 3, "v1");
        create(Service.newBuilder(), s -> {
            s.getMetadataBuilder().setNamespace("default").setName("web");
            s.getSpecBuilder()
                    .setClusterIP("10.96.0.9")
                    .addIpFamilies("IPv4")
                    .putSelector("app", "web")
                    .addPortsBuilder()
                    .setPort(80)
                    .setProtocol("TCP")
                    .setTargetPort(IntOrStrings.of(80));
        });
        eventually(() -> assertThat(available("web")).isEqualTo(3));
        eventually(() -> assertThat(readyAddresses()).isEqualTo(3));
        eventually(() -> assertThat(find(Endpoints.class, "web").getSubsets(0).getAddressesCount())
                .isEqualTo(3));

        edit(
                Deployment.class,
                "web",
                d -> d.getSpecBuilder()
                        .getTemplateBuilder()
                        .getSpecBuilder()
                        .getContainersBuilder(0)
                        .setImage("v2"));
        eventually(() -> {
            assertThat(pods())
                    .hasSize(3)
                    .allMatch(p -> p.getSpec().getContainers(0).getImage().equals("v2"));
            assertThat(find(Deployment.class, "web").getStatus().getUpdatedReplicas())
                    .isEqualTo(3);
            assertThat(available("web")).isEqualTo(3);
        });
        assertThat(find(Deployment.class, "web").getMetadata().getAnnotationsMap())
                .containsEntry("deployment.kubernetes.io/revision", "2");
        eventually(() -> assertThat(readyAddresses()).isEqualTo(3));

        edit(Deployment.class, "web", d -> d.getSpecBuilder().setReplicas(1));
        eventually(() -> assertThat(pods()).hasSize(1));

        delete(Types.DEPLOYMENTS, "web", "Background");
        eventually(() -> {
            assertThat(list(ReplicaSet.class)).isEmpty();
            assertThat(pods()).isEmpty();
        });
        delete(Types.SERVICES, "web", "Background");
        eventually(() -> {
            assertThat(list(EndpointSlice.class))
                    .noneMatch(s -> s.getMetadata().getName().startsWith("web-"));
            assertThat(find(Endpoints.class, "web")).isNull();
        });
    }

    @Test
    void foregroundDeletionKeepsTheOwnerToTheLast() {
        node("n1");
        deployment("web", 2, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(2));
        kubelets.hold(true); // pods do not end
        delete(Types.DEPLOYMENTS, "web", "Foreground");
        eventually(() ->
                assertThat(pods()).hasSize(2).allMatch(p -> p.getMetadata().hasDeletionTimestamp()));
        assertThat(find(Deployment.class, "web")).isNotNull();
        assertThat(list(ReplicaSet.class)).hasSize(1);
        kubelets.hold(false);
        eventually(() -> {
            assertThat(pods()).isEmpty();
            assertThat(list(ReplicaSet.class)).isEmpty();
            assertThat(find(Deployment.class, "web")).isNull();
        });
    }

    @Test
    void orphansStayAndAreAdoptedAgain() {
        node("n1");
        deployment("web", 2, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(2));
        List<String> before = uids();
        delete(Types.DEPLOYMENTS, "web", "Orphan");
        eventually(() -> {
            assertThat(find(Deployment.class, "web")).isNull();
            assertThat(list(ReplicaSet.class))
                    .singleElement()
                    .satisfies(rs -> assertThat(rs.getMetadata().getOwnerReferencesList())
                            .isEmpty());
        });
        deployment("web", 2, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(2));
        assertThat(list(ReplicaSet.class)).hasSize(1);
        assertThat(uids()).isEqualTo(before);
    }

    @Test
    void aNamespaceIsFurnishedAndEmptied() {
        node("n1");
        create(Namespace.newBuilder(), n -> n.getMetadataBuilder().setName("team"));
        ObjectKey ca = ObjectKey.of("team", "kube-root-ca.crt");
        eventually(() -> {
            assertThat(find(Types.SERVICE_ACCOUNTS, ObjectKey.of("team", "default")))
                    .isNotNull();
            assertThat(find(Types.CONFIG_MAPS, ca)).isNotNull();
        });
        api.update(
                Types.CONFIG_MAPS,
                api.get(Types.CONFIG_MAPS, ca).toBuilder()
                        .putData("ca.crt", "forged")
                        .build());
        eventually(() -> assertThat(api.get(Types.CONFIG_MAPS, ca).getDataMap()).containsEntry("ca.crt", "CA"));

        create(
                ConfigMap.newBuilder(),
                c -> c.getMetadataBuilder().setNamespace("team").setName("held").addFinalizers("example.com/hold"));
        create(Pod.newBuilder(), p -> {
            p.getMetadataBuilder().setNamespace("team").setName("p");
            p.getSpecBuilder().addContainersBuilder().setName("main").setImage("main:1");
        });
        eventually(() -> assertThat(api.get(Types.PODS, ObjectKey.of("team", "p"))
                        .getStatus()
                        .getPhase())
                .isEqualTo("Running"));
        api.delete(Types.NAMESPACES, ObjectKey.cluster("team"), DeleteOptions.getDefaultInstance());
        eventually(() -> {
            Namespace namespace = api.get(Types.NAMESPACES, ObjectKey.cluster("team"));
            assertThat(namespace.getStatus().getPhase()).isEqualTo("Terminating");
            assertThat(namespace.getStatus().getConditionsList())
                    .anyMatch(c -> c.getType().equals("NamespaceFinalizersRemaining")
                            && c.getStatus().equals("True")
                            && c.getMessage()
                                    .equals("Some content in the namespace has finalizers remaining: "
                                            + "example.com/hold in 1 resource instances"));
        });
        ConfigMap held = api.get(Types.CONFIG_MAPS, ObjectKey.of("team", "held"));
        ConfigMap.Builder free = held.toBuilder();
        free.getMetadataBuilder().clearFinalizers();
        api.update(Types.CONFIG_MAPS, free.build());
        eventually(() ->
                assertThat(find(Types.NAMESPACES, ObjectKey.cluster("team"))).isNull());
    }

    @Test
    void aSilentNodesPodsMoveElsewhere() {
        node("n1");
        node("n2");
        node("n3");
        eventually(() -> assertThat(
                        api.get(Types.NODES, ObjectKey.cluster("n1")).getSpec().getPodCIDR())
                .startsWith("10.200."));
        assertThat(List.of("n1", "n2", "n3").stream()
                        .map(n -> api.get(Types.NODES, ObjectKey.cluster(n))
                                .getSpec()
                                .getPodCIDR())
                        .distinct())
                .hasSize(3);
        deployment("web", 3, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(3));
        kubelets.silence("n1");
        eventually(() -> {
            Node silent = api.get(Types.NODES, ObjectKey.cluster("n1"));
            assertThat(silent.getSpec().getTaintsList())
                    .anyMatch(t -> t.getKey().equals("node.kubernetes.io/unreachable")
                            && t.getEffect().equals("NoSchedule"))
                    .anyMatch(t -> t.getKey().equals("node.kubernetes.io/unreachable")
                            && t.getEffect().equals("NoExecute"));
            assertThat(pods().stream()
                            .filter(p -> p.getSpec().getNodeName().equals("n1"))
                            .toList())
                    .allMatch(p -> p.getMetadata().hasDeletionTimestamp());
            assertThat(available("web")).isEqualTo(3);
        });
        api.delete(Types.NODES, ObjectKey.cluster("n1"), DeleteOptions.getDefaultInstance());
    }

    @Test
    void endpointsOfAServiceWithoutSelectorAreMirrored() {
        create(Service.newBuilder(), s -> {
            s.getMetadataBuilder().setNamespace("default").setName("outside");
            s.getSpecBuilder()
                    .setClusterIP("10.96.0.8")
                    .addPortsBuilder()
                    .setPort(80)
                    .setProtocol("TCP");
        });
        create(Endpoints.newBuilder(), e -> {
            e.getMetadataBuilder().setNamespace("default").setName("outside");
            EndpointSubset.Builder subset = e.addSubsetsBuilder();
            subset.addAddressesBuilder().setIp("192.0.2.1");
            subset.addNotReadyAddressesBuilder().setIp("192.0.2.2");
            subset.addPortsBuilder().setPort(80).setProtocol("TCP");
        });
        eventually(() -> assertThat(mirrors()).singleElement().satisfies(slice -> {
            assertThat(slice.getEndpointsList().stream()
                            .map(e ->
                                    e.getAddresses(0) + " " + e.getConditions().getReady()))
                    .containsExactly("192.0.2.1 true", "192.0.2.2 false");
            assertThat(slice.getMetadata().getOwnerReferences(0).getKind()).isEqualTo("Endpoints");
        }));
        eventually(() -> {
            Endpoints.Builder changed = find(Endpoints.class, "outside").toBuilder();
            changed.getSubsetsBuilder(0).clearNotReadyAddresses();
            api.update(Types.ENDPOINTS, changed.build());
        });
        eventually(() -> assertThat(mirrors())
                .singleElement()
                .satisfies(slice -> assertThat(slice.getEndpointsCount()).isEqualTo(1)));
        delete(Types.SERVICES, "outside", "Background");
        eventually(() -> assertThat(mirrors()).isEmpty());
    }

    private List<EndpointSlice> mirrors() {
        return list(EndpointSlice.class).stream()
                .filter(s -> s.getMetadata()
                        .getLabelsOrDefault("kubernetes.io/service-name", "")
                        .equals("outside"))
                .toList();
    }

    @Test
    void aQuotaIsCountedAndCountedAnewWhenSomethingGoes() {
        create(Namespace.newBuilder(), n -> n.getMetadataBuilder().setName("limited"));
        eventually(() -> assertThat(find(Types.CONFIG_MAPS, ObjectKey.of("limited", "kube-root-ca.crt")))
                .isNotNull());
        for (String name : List.of("a", "b")) {
            create(
                    ConfigMap.newBuilder(),
                    c -> c.getMetadataBuilder().setNamespace("limited").setName(name));
        }
        create(ResourceQuota.newBuilder(), q -> {
            q.getMetadataBuilder().setNamespace("limited").setName("q");
            q.getSpecBuilder()
                    .putHard("configmaps", Quantities.of(9))
                    .putHard("count/deployments.apps", Quantities.of(2))
                    .putHard("requests.cpu", Quantities.of(1));
        });
        ObjectKey key = ObjectKey.of("limited", "q");
        ResourceType<ResourceQuota> quotas = Kinds.of(ResourceQuota.class);
        eventually(() -> {
            ResourceQuota counted = api.get(quotas, key);
            assertThat(Amounts.text(counted.getStatus().getHardMap()))
                    .isEqualTo("configmaps=9,count/deployments.apps=2,requests.cpu=1");
            assertThat(Amounts.text(counted.getStatus().getUsedMap()))
                    .isEqualTo("configmaps=3,count/deployments.apps=0,requests.cpu=0");
        });
        api.delete(Types.CONFIG_MAPS, ObjectKey.of("limited", "a"), DeleteOptions.getDefaultInstance());
        eventually(
                () -> assertThat(Amounts.text(api.get(quotas, key).getStatus().getUsedMap()))
                        .isEqualTo("configmaps=2,count/deployments.apps=0,requests.cpu=0"));
        eventually(() -> {
            ResourceQuota.Builder less = api.get(quotas, key).toBuilder();
            less.getSpecBuilder().removeHard("requests.cpu");
            api.update(quotas, less.build());
        });
        eventually(
                () -> assertThat(Amounts.text(api.get(quotas, key).getStatus().getUsedMap()))
                        .isEqualTo("configmaps=2,count/deployments.apps=0"));
    }

    @Test
    void aClaimGoesAfterItsPod() {
        node("n1");
        ResourceType<PersistentVolumeClaim> claims = Kinds.of(PersistentVolumeClaim.class);
        create(PersistentVolumeClaim.newBuilder(), c -> {
            c.getMetadataBuilder()
                    .setNamespace("default")
                    .setName("data")
                    .addFinalizers("kubernetes.io/pvc-protection");
            c.getSpecBuilder()
                    .addAccessModes("ReadWriteOnce")
                    .getResourcesBuilder()
                    .putRequests("storage", Quantities.parse("1Gi"));
        });
        create(Pod.newBuilder(), p -> {
            p.getMetadataBuilder().setNamespace("default").setName("user");
            p.getSpecBuilder()
                    .setNodeName("n1")
                    .addContainersBuilder()
                    .setName("c")
                    .setImage("i");
            p.getSpecBuilder()
                    .addVolumesBuilder()
                    .setName("v")
                    .getVolumeSourceBuilder()
                    .getPersistentVolumeClaimBuilder()
                    .setClaimName("data");
        });
        eventually(
                () -> assertThat(find(Pod.class, "user").getStatus().getPhase()).isEqualTo("Running"));
        delete(claims, "data", "Background");
        assertThat(find(PersistentVolumeClaim.class, "data")).isNotNull();
        kubelets.hold(true);
        delete(Types.PODS, "user", "Background");
        eventually(() -> assertThat(find(Pod.class, "user").getMetadata().hasDeletionTimestamp())
                .isTrue());
        assertThat(find(PersistentVolumeClaim.class, "data").getMetadata().getFinalizersList())
                .containsExactly("kubernetes.io/pvc-protection");
        kubelets.hold(false);
        eventually(() -> assertThat(find(PersistentVolumeClaim.class, "data")).isNull());
    }

    @Test
    void aVolumeGoesOnceItIsNotBound() {
        ResourceType<PersistentVolume> volumes = Kinds.of(PersistentVolume.class);
        ObjectKey key = ObjectKey.cluster("disk");
        create(PersistentVolume.newBuilder(), v -> {
            v.getMetadataBuilder().setName("disk").addFinalizers("kubernetes.io/pv-protection");
            v.getSpecBuilder()
                    .addAccessModes("ReadWriteOnce")
                    .putCapacity("storage", Quantities.parse("1Gi"))
                    .getPersistentVolumeSourceBuilder()
                    .getHostPathBuilder()
                    .setPath("/tmp/none");
        });
        eventually(() -> {
            PersistentVolume.Builder bound = api.get(volumes, key).toBuilder();
            bound.getStatusBuilder().setPhase("Bound");
            api.updateStatus(volumes, bound.build());
        });
        api.delete(volumes, key, DeleteOptions.getDefaultInstance());
        assertThat(find(volumes, key).getMetadata().hasDeletionTimestamp()).isTrue();
        eventually(() -> {
            PersistentVolume.Builder free = api.get(volumes, key).toBuilder();
            free.getStatusBuilder().setPhase("Released");
            api.updateStatus(volumes, free.build());
        });
        eventually(() -> assertThat(find(volumes, key)).isNull());
    }

    @Test
    void atRestNothingIsWritten() {
        node("n1");
        deployment("web", 3, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(3));
        AtomicReference<String> last = new AtomicReference<>("");
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(700))
                .until(() -> {
                    String versions = Stream.of(Types.DEPLOYMENTS, Types.REPLICA_SETS, Types.PODS, Types.NODES)
                            .flatMap(type -> versions(type).stream())
                            .sorted()
                            .collect(Collectors.joining(" "));
                    return last.getAndSet(versions).equals(versions);
                });
    }

    private <T extends Message> List<String> versions(ResourceType<T> type) {
        return api.list(type, "", Selection.ALL).items().stream()
                .map(object -> type.meta(object).getResourceVersion())
                .toList();
    }
}

package io.jollyboat.controllers.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.values.IntOrStrings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SlicePlannerTest {
    private Service service = service(s -> {});
    private final List<Pod> pods = new ArrayList<>();
    private final Map<String, EndpointSlice> slices = new LinkedHashMap<>();
    private int names;

    @Test
    void aServiceWithoutPodsHasOneEmptySlice() {
        SlicePlan plan = apply();
        assertThat(plan.create()).hasSize(1);
        EndpointSlice slice = plan.create().getFirst();
        assertThat(slice.getEndpointsList()).isEmpty();
        assertThat(slice.getMetadata().getGenerateName()).isEqualTo("web-");
        assertThat(slice.getMetadata().getLabelsMap())
                .containsEntry("kubernetes.io/service-name", "web")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .containsEntry("team", "a");
        assertThat(slice.getMetadata().getAnnotationsMap())
                .containsEntry("endpoints.kubernetes.io/last-change-trigger-time", "1970-01-01T00:01:40Z");
        assertThat(apply()).isEqualTo(new SlicePlan(List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void theEmptySliceIsFilledAndNotReplaced() {
        apply();
        pods.add(pod(1));
        SlicePlan plan = apply();
        assertThat(plan.create()).isEmpty();
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.update()).hasSize(1);
        Endpoint endpoint = plan.update().getFirst().getEndpoints(0);
        assertThat(endpoint.getAddressesList()).containsExactly("10.0.0.1");
        assertThat(endpoint.getConditions().getReady()).isTrue();
        assertThat(endpoint.getConditions().getServing()).isTrue();
        assertThat(endpoint.getConditions().getTerminating()).isFalse();
        assertThat(endpoint.getNodeName()).isEqualTo("n1");
        assertThat(endpoint.getZone()).isEqualTo("z1");
        assertThat(endpoint.getTargetRef().getName()).isEqualTo("p1");
        assertThat(plan.update().getFirst().getPorts(0).getPort()).isEqualTo(8080);
    }

    @Test
    void slicesHoldAHundredAndChangeLittle() {
        for (int i = 1; i <= 250; i++) {
            pods.add(pod(i));
        }
        SlicePlan plan = apply();
        assertThat(plan.create().stream().map(EndpointSlice::getEndpointsCount)).containsExactly(100, 100, 50);
        // One less, one more: the slice that had it is written, no other.
        pods.removeFirst();
        pods.add(pod(251));
        plan = apply();
        assertThat(plan.create()).isEmpty();
        assertThat(plan.update()).hasSize(1);
        assertThat(plan.update().getFirst().getEndpointsCount()).isEqualTo(100);
        // Only more: they go where there is room.
        for (int i = 300; i < 320; i++) {
            pods.add(pod(i));
        }
        plan = apply();
        assertThat(plan.create()).isEmpty();
        assertThat(plan.update().stream().map(EndpointSlice::getEndpointsCount)).containsExactly(70);
        pods.clear();
        plan = apply();
        assertThat(plan.delete()).hasSize(2);
        assertThat(plan.update())
                .singleElement()
                .satisfies(s -> assertThat(s.getEndpointsCount()).isZero());
        assertThat(slices).hasSize(1);
    }

    @Test
    void terminatingPodsServeButAreNotReady() {
        Pod.Builder ending = pod(1).toBuilder();
        ending.getMetadataBuilder().getDeletionTimestampBuilder().setSeconds(5);
        pods.add(ending.build());
        Endpoint endpoint = apply().create().getFirst().getEndpoints(0);
        assertThat(endpoint.getConditions().getReady()).isFalse();
        assertThat(endpoint.getConditions().getServing()).isTrue();
        assertThat(endpoint.getConditions().getTerminating()).isTrue();
    }

    @Test
    void publishNotReadyAddressesMakesAllReady() {
        service = service(s -> s.getSpecBuilder().setPublishNotReadyAddresses(true));
        Pod.Builder notReady = pod(1).toBuilder();
        notReady.getStatusBuilder().getConditionsBuilder(0).setStatus("False");
        pods.add(notReady.build());
        Endpoint endpoint = apply().create().getFirst().getEndpoints(0);
        assertThat(endpoint.getConditions().getReady()).isTrue();
        assertThat(endpoint.getConditions().getServing()).isFalse();
    }

    @Test
    void finishedPodsAndThoseWithoutAddressAreNoEndpoints() {
        Pod.Builder finished = pod(1).toBuilder();
        finished.getStatusBuilder().setPhase("Succeeded");
        Pod.Builder early = pod(2).toBuilder();
        early.getStatusBuilder().clearPodIP().clearPodIPs();
        pods.add(finished.build());
        pods.add(early.build());
        assertThat(apply().create().getFirst().getEndpointsList()).isEmpty();
    }

    @Test
    void namedPortsThatDifferMakeSlicesOfTheirOwn() {
        service = service(s -> s.getSpecBuilder().getPortsBuilder(0).setTargetPort(IntOrStrings.of("http")));
        pods.add(withPort(pod(1), 8080));
        pods.add(withPort(pod(2), 9090));
        pods.add(withPort(pod(3), 8080));
        SlicePlan plan = apply();
        assertThat(plan.create().stream().map(s -> s.getPorts(0).getPort() + ":" + s.getEndpointsCount()))
                .containsExactlyInAnyOrder("8080:2", "9090:1");
    }

    @Test
    void aHeadlessServiceIsLabelledAndMayHaveNoPorts() {
        service = service(s -> s.getSpecBuilder().setClusterIP("None").clearPorts());
        Pod.Builder named = pod(1).toBuilder();
        named.getSpecBuilder().setHostname("db-0").setSubdomain("web");
        pods.add(named.build());
        EndpointSlice slice = apply().create().getFirst();
        assertThat(slice.getMetadata().getLabelsMap()).containsEntry("service.kubernetes.io/headless", "");
        assertThat(slice.getPortsList()).isEmpty();
        assertThat(slice.getEndpoints(0).getHostname()).isEqualTo("db-0");
    }

    @Test
    void aPodOnAnUnknownNodeWaits() {
        Pod.Builder elsewhere = pod(1).toBuilder();
        elsewhere.getSpecBuilder().setNodeName("nowhere");
        pods.add(elsewhere.build());
        SlicePlan plan = apply();
        assertThat(plan.missingNodes()).containsExactly("nowhere");
        assertThat(plan.create().getFirst().getEndpointsList()).isEmpty();
    }

    @Test
    void bothFamiliesHaveSlices() {
        service = service(s -> s.getSpecBuilder().addIpFamilies("IPv6"));
        Pod.Builder dual = pod(1).toBuilder();
        dual.getStatusBuilder().addPodIPsBuilder().setIp("fd00::1");
        pods.add(dual.build());
        assertThat(apply().create().stream()
                        .map(s -> s.getAddressType() + " " + s.getEndpoints(0).getAddressesList()))
                .containsExactlyInAnyOrder("IPv4 [10.0.0.1]", "IPv6 [fd00::1]");
    }

    @Test
    void slicesOfAnEarlierServiceGo() {
        pods.add(pod(1));
        apply();
        service = service(s -> s.getMetadataBuilder().setUid("later"));
        SlicePlan plan = apply();
        assertThat(plan.create()).hasSize(1);
        assertThat(plan.delete()).hasSize(1);
    }

    @Test
    void labelsFollowTheService() {
        pods.add(pod(1));
        apply();
        service = service(s -> s.getMetadataBuilder().putLabels("team", "b"));
        assertThat(apply().update().getFirst().getMetadata().getLabelsMap()).containsEntry("team", "b");
    }

    @Test
    void hintsKeepTrafficClose() {
        service = service(s -> s.getSpecBuilder().setTrafficDistribution("PreferSameNode"));
        pods.add(pod(1));
        Endpoint endpoint = apply().create().getFirst().getEndpoints(0);
        assertThat(endpoint.getHints().getForZones(0).getName()).isEqualTo("z1");
        assertThat(endpoint.getHints().getForNodes(0).getName()).isEqualTo("n1");
    }

    private SlicePlan apply() {
        Node.Builder node = Node.newBuilder();
        node.getMetadataBuilder().setName("n1").putLabels("topology.kubernetes.io/zone", "z1");
        SlicePlan plan = SlicePlanner.plan(new SliceView(
                service,
                pods,
                List.copyOf(slices.values()),
                Map.of("n1", node.build()),
                Optional.of(Time.newBuilder().setSeconds(100).build())));
        for (EndpointSlice slice : plan.create()) {
            EndpointSlice.Builder named = slice.toBuilder();
            named.getMetadataBuilder().setName("web-" + ++names);
            slices.put("web-" + names, named.build());
        }
        plan.update().forEach(s -> slices.put(s.getMetadata().getName(), s));
        plan.delete().forEach(s -> slices.remove(s.getMetadata().getName()));
        return plan;
    }

    private static Service service(Consumer<Service.Builder> change) {
        Service.Builder service = Service.newBuilder();
        service.getMetadataBuilder()
                .setName("web")
                .setNamespace("ns")
                .setUid("s")
                .putLabels("team", "a");
        service.getSpecBuilder()
                .setClusterIP("10.96.0.9")
                .setType("ClusterIP")
                .addIpFamilies("IPv4")
                .putSelector("app", "web")
                .addPortsBuilder()
                .setName("http")
                .setPort(80)
                .setProtocol("TCP")
                .setTargetPort(IntOrStrings.of(8080));
        change.accept(service);
        return service.build();
    }

    private static Pod pod(int number) {
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setName("p" + number).setNamespace("ns").setUid("u" + number);
        pod.getSpecBuilder().setNodeName("n1");
        String ip = "10.0." + number / 256 + "." + number % 256;
        pod.getStatusBuilder()
                .setPhase("Running")
                .setPodIP(ip)
                .addConditionsBuilder()
                .setType("Ready")
                .setStatus("True");
        pod.getStatusBuilder().addPodIPsBuilder().setIp(ip);
        return pod.build();
    }

    private static Pod withPort(Pod pod, int port) {
        Pod.Builder result = pod.toBuilder();
        result.getSpecBuilder()
                .addContainersBuilder()
                .addPortsBuilder()
                .setName("http")
                .setProtocol("TCP")
                .setContainerPort(port);
        return result.build();
    }
}

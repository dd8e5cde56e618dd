package io.jollyboat.controllers.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.values.IntOrStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointsPlannerTest {
    private final List<Pod> pods = new ArrayList<>();

    @Test
    void addressesStandByReadiness() {
        pods.add(pod(1, true));
        pods.add(pod(2, false));
        Endpoints endpoints = plan(service(), null).orElseThrow();
        EndpointSubset subset = endpoints.getSubsets(0);
        assertThat(endpoints.getSubsetsCount()).isEqualTo(1);
        assertThat(subset.getAddresses(0).getIp()).isEqualTo("10.0.0.1");
        assertThat(subset.getNotReadyAddresses(0).getIp()).isEqualTo("10.0.0.2");
        assertThat(subset.getPortsList().stream().map(p -> p.getName() + p.getPort()))
                .containsExactly("http8080", "metrics9090");
        assertThat(endpoints.getMetadata().getLabelsMap())
                .containsEntry("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        assertThat(plan(service(), endpoints)).isEmpty();
    }

    @Test
    void terminatingPodsAreLeftOut() {
        Pod.Builder ending = pod(1, true).toBuilder();
        ending.getMetadataBuilder().getDeletionTimestampBuilder().setSeconds(1);
        pods.add(ending.build());
        assertThat(plan(service(), null).orElseThrow().getSubsetsList()).isEmpty();
    }

    @Test
    void aHeadlessServiceWithoutPortsHasAddresses() {
        Service.Builder headless = service().toBuilder();
        headless.getSpecBuilder().clearPorts().setClusterIP("None");
        pods.add(pod(1, true));
        Endpoints endpoints = plan(headless.build(), null).orElseThrow();
        assertThat(endpoints.getSubsets(0).getAddressesCount()).isEqualTo(1);
        assertThat(endpoints.getSubsets(0).getPortsCount()).isZero();
        assertThat(endpoints.getMetadata().getLabelsMap()).containsEntry("service.kubernetes.io/headless", "");
    }

    @Test
    void aThousandIsTheLimitAndReadyOnesComeFirst() {
        for (int i = 0; i < 700; i++) {
            pods.add(pod(i, true));
        }
        for (int i = 700; i < 1400; i++) {
            pods.add(pod(i, false));
        }
        Endpoints endpoints = plan(service(), null).orElseThrow();
        assertThat(endpoints.getSubsets(0).getAddressesCount()).isEqualTo(700);
        assertThat(endpoints.getSubsets(0).getNotReadyAddressesCount()).isEqualTo(300);
        assertThat(endpoints.getMetadata().getAnnotationsMap())
                .containsEntry("endpoints.kubernetes.io/over-capacity", "truncated");
        assertThat(plan(service(), endpoints)).isEmpty();
        pods.subList(100, pods.size()).clear();
        assertThat(plan(service(), endpoints).orElseThrow().getMetadata().getAnnotationsMap())
                .doesNotContainKey("endpoints.kubernetes.io/over-capacity");
    }

    private Optional<Endpoints> plan(Service service, Endpoints present) {
        return EndpointsPlanner.plan(service, pods, present, Optional.empty());
    }

    private static Service service() {
        Service.Builder service = Service.newBuilder();
        service.getMetadataBuilder().setName("web").setNamespace("ns");
        service.getSpecBuilder().setClusterIP("10.96.0.1").addIpFamilies("IPv4");
        for (String port : List.of("metrics 9090", "http 8080")) {
            service.getSpecBuilder()
                    .addPortsBuilder()
                    .setName(port.split(" ")[0])
                    .setProtocol("TCP")
                    .setTargetPort(IntOrStrings.of(Integer.parseInt(port.split(" ")[1])));
        }
        return service.build();
    }

    private static Pod pod(int number, boolean ready) {
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setName("p" + number).setNamespace("ns").setUid("u" + number);
        pod.getSpecBuilder().setNodeName("n");
        String ip = "10.0." + number / 256 + "." + number % 256;
        pod.getStatusBuilder().setPodIP(ip).addPodIPsBuilder().setIp(ip);
        pod.getStatusBuilder().addConditionsBuilder().setType("Ready").setStatus(ready ? "True" : "False");
        return pod.build();
    }
}

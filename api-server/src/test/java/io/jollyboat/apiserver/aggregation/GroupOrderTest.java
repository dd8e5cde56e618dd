package io.jollyboat.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceSpec;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.kinds.Kinds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupOrderTest {
    private static Map<String, APIService> services(String... lines) {
        Map<String, APIService> services = new TreeMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            services.put(
                    words[1] + "." + words[0],
                    APIService.newBuilder()
                            .setSpec(APIServiceSpec.newBuilder()
                                    .setGroup(words[0])
                                    .setVersion(words[1])
                                    .setGroupPriorityMinimum(Integer.parseInt(words[2]))
                                    .setVersionPriority(Integer.parseInt(words[3])))
                            .build());
        }
        return services;
    }

    private static List<String> order(Map<String, APIService> services) {
        return GroupOrder.of(new ServedKinds(Kinds.builtIn()).snapshot(), services).stream()
                .map(group -> group.name() + " " + String.join(",", group.versions()))
                .toList();
    }

    @Test
    void builtInGroupsComeInUpstreamsOrderBeforeTheirObjectsAreThere() {
        assertThat(order(Map.of()))
                .startsWith("apiregistration.k8s.io v1", "apps v1", "events.k8s.io v1")
                .contains("autoscaling v2,v1")
                .endsWith("flowcontrol.apiserver.k8s.io v1");
    }

    @Test
    void theHighestOfAGroupsVersionsDecides() {
        List<String> order = order(services(
                "low.example.com v1 50 10",
                "high.example.com v1beta1 10 5",
                "high.example.com v1 17790 20",
                "high.example.com v2 10 20"));
        assertThat(order.indexOf("high.example.com v2,v1,v1beta1")).isEqualTo(order.indexOf("apps v1") + 1);
        assertThat(order).endsWith("low.example.com v1");
    }

    @Test
    void likeGroupsComeByName() {
        assertThat(order(services("b.io v1 100 10", "a.io v1 100 10"))).endsWith("a.io v1", "b.io v1");
    }
}

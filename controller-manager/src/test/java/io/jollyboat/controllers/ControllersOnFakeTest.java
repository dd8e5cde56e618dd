package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.objects.Types;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Quick, and without a doubt about whose fault a failure is. */
class ControllersOnFakeTest extends ControllersContract {
    private final FakeApi fake = new FakeApi();

    @Override
    ApiClient admin() {
        for (String name : List.of("default", "kube-system", "kube-node-lease")) {
            Namespace.Builder namespace = Namespace.newBuilder();
            namespace.getMetadataBuilder().setName(name);
            fake.create(Types.NAMESPACES, namespace.build());
        }
        return fake;
    }

    @Test
    void nodesAreNotBlamedForTheStoresAbsence() {
        node("n1");
        node("n2");
        deployment("web", 2, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(2));
        fake.refuseWrites(true);
        Duration longerThanTheGrace = QUICK.monitorGracePeriod().plusSeconds(1);
        await().pollDelay(longerThanTheGrace).until(() -> true);
        fake.refuseWrites(false);
        await().during(QUICK.monitorGracePeriod().minusMillis(500))
                .atMost(Duration.ofSeconds(60))
                .until(() -> fake.list(Types.NODES, "", Selection.ALL).items().stream()
                        .allMatch(
                                n -> n.getStatus().getConditions(0).getStatus().equals("True")));
    }

    @Override
    ApiClients clients() {
        return new ApiClients() {
            @Override
            public ApiClient own() {
                return fake;
            }

            @Override
            public ApiClient as(String serviceAccount) {
                return fake;
            }
        };
    }
}

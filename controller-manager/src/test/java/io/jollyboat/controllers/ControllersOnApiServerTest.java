package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through the gRPC door of an API server, each controller with the permissions of its own ServiceAccount. */
class ControllersOnApiServerTest extends ControllersContract {
    private final EmbeddedApiServer server = EmbeddedApiServer.start();

    @Override
    ApiClient admin() {
        return server.adminClient();
    }

    @Override
    ApiClients clients() {
        return ApiClients.over(
                server.client(server.pki().controllerManager(), "kube-controller-manager"), SystemRuntime.instance());
    }

    @Test
    void aRolloutGoesOnWhenTheServerComesBack() {
        node("n1");
        deployment("web", 4, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(4));
        setImage("web", "v2");
        server.restart();
        eventually(() -> {
            assertThat(available("web")).isEqualTo(4);
            assertThat(pods())
                    .hasSize(4)
                    .allMatch(p -> p.getSpec().getContainers(0).getImage().equals("v2"));
        });
    }

    @Test
    void oneOfTwoManagersLeads() {
        ControllerManagerConfig config = ControllerManagerConfig.embedded("10.200.0.0/16", QUICK);
        try (ControllerManager first = electable(config, "a");
                ControllerManager second = electable(config, "b")) {
            first.start();
            second.start();
            eventually(() -> assertThat(first.isActive() ^ second.isActive()).isTrue());
            ControllerManager leader = first.isActive() ? first : second;
            leader.close();
            assertThat(leader.isActive()).isFalse();
            eventually(() ->
                    assertThat((leader == first ? second : first).isActive()).isTrue());
        }
    }

    private ControllerManager electable(ControllerManagerConfig config, String identity) {
        return new ControllerManager(
                config.withLeaderElection(identity), "CA", clients(), SystemRuntime.instance(), new Metrics());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }
}

package io.jollyboat.controllers;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.runtime.SystemRuntime;
import org.junit.jupiter.api.AfterEach;

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

    @AfterEach
    void stopServer() {
        server.close();
    }
}

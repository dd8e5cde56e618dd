package io.jollyboat.controllers;

import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.client.ApiClient;
import io.jollyboat.controllers.objects.Types;
import java.util.List;

/** Quick, and without a doubt about whose fault a failure is. */
class ControllersOnFakeTest extends ControllersContract {
    private final FakeApi api = new FakeApi();

    @Override
    ApiClient admin() {
        for (String name : List.of("default", "kube-system", "kube-node-lease")) {
            Namespace.Builder namespace = Namespace.newBuilder();
            namespace.getMetadataBuilder().setName(name);
            api.create(Types.NAMESPACES, namespace.build());
        }
        return api;
    }

    @Override
    ApiClients clients() {
        return new ApiClients() {
            @Override
            public ApiClient own() {
                return api;
            }

            @Override
            public ApiClient as(String serviceAccount) {
                return api;
            }
        };
    }
}

package io.jollyboat.controllers;

import io.jollyboat.client.ApiClient;
import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.runtime.Runtime;

/** The clients of the process: its own, and those of its controllers. */
public interface ApiClients {
    /** Under the process's own identity. */
    ApiClient own();

    /** Under a ServiceAccount of kube-system. */
    ApiClient as(String serviceAccount);

    /** Over one connection; the ServiceAccounts' tokens are asked for through the process's own client. */
    static ApiClients over(GrpcApiClient own, Runtime runtime) {
        return new ApiClients() {
            @Override
            public ApiClient own() {
                return own;
            }

            @Override
            public ApiClient as(String serviceAccount) {
                return own.withToken(new ControllerToken(own, serviceAccount, runtime));
            }
        };
    }
}

package io.jollyboat.controllers;

import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authentication.v1.TokenRequestSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.client.ApiClient;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** A controller's ServiceAccount token, renewed in time; the account is made when it is missing. */
final class ControllerToken implements Supplier<String> {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final ApiClient client;
    private final ObjectKey account;
    private final Runtime runtime;
    private String token = "";
    private Instant renewAt = Instant.MIN;

    ControllerToken(ApiClient client, String serviceAccount, Runtime runtime) {
        this.client = client;
        this.account = ObjectKey.of("kube-system", serviceAccount);
        this.runtime = runtime;
    }

    @Override
    public synchronized String get() {
        Instant now = runtime.now();
        if (now.isBefore(renewAt)) {
            return token;
        }
        TokenRequest granted;
        try {
            granted = request();
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            createAccount();
            granted = request();
        }
        Duration lifetime =
                Duration.between(now, Times.instant(granted.getStatus().getExpirationTimestamp()));
        token = granted.getStatus().getToken();
        renewAt = now.plus(lifetime.multipliedBy(4).dividedBy(5));
        return token;
    }

    private TokenRequest request() {
        return client.createSubresource(
                Types.SERVICE_ACCOUNTS,
                account,
                "token",
                TokenRequest.newBuilder()
                        .setSpec(TokenRequestSpec.newBuilder().setExpirationSeconds(LIFETIME.toSeconds()))
                        .build(),
                TokenRequest.getDefaultInstance());
    }

    private void createAccount() {
        try {
            client.create(
                    Types.SERVICE_ACCOUNTS,
                    ServiceAccount.newBuilder()
                            .setMetadata(ObjectMeta.newBuilder()
                                    .setNamespace(account.namespace())
                                    .setName(account.name()))
                            .build());
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
        }
    }
}

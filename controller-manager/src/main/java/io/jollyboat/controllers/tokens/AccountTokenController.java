package io.jollyboat.controllers.tokens;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.client.Selection;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.List;

/** Fills Secrets that ask for a service account's token, and deletes them with the account. */
public final class AccountTokenController {
    static final String TYPE = "kubernetes.io/service-account-token";
    static final String NAME = "kubernetes.io/service-account.name";
    static final String UID = "kubernetes.io/service-account.uid";
    private static final String BY_ACCOUNT = "account";
    private static final int WORKERS = 2;

    private final ControllerContext context;
    private final LegacyTokens tokens;
    private final ByteString authority;
    private final Informer<Secret> secrets;
    private final Informer<ServiceAccount> accounts;

    private AccountTokenController(ControllerContext context, PrivateKey key, String caPem) {
        this.context = context;
        this.tokens = new LegacyTokens(key);
        this.authority = ByteString.copyFromUtf8(caPem);
        // Only these: others may be many, and are nobody's business.
        this.secrets = context.informers().of(Types.SECRETS, Selection.fields("type=" + TYPE));
        this.accounts = context.informers().of(Types.SERVICE_ACCOUNTS);
        secrets.addIndex(BY_ACCOUNT, secret -> List.of(account(secret)));
    }

    /** @param caPem what the API server is to be verified by */
    public static Controller create(ControllerContext context, PrivateKey key, String caPem) {
        AccountTokenController controller = new AccountTokenController(context, key, caPem);
        ControllerLoop loop = context.loop("serviceaccount-tokens", WORKERS, controller::reconcile);
        controller.secrets.addHandler((before, after) -> loop.add(Types.SECRETS.key(after == null ? before : after)));
        controller.accounts.addHandler((before, after) -> {
            if (before != null && (after == null || !uid(before).equals(uid(after)))) {
                String name = before.getMetadata().getNamespace() + "/"
                        + before.getMetadata().getName();
                controller.secrets.byIndex(BY_ACCOUNT, name).forEach(secret -> loop.add(Types.SECRETS.key(secret)));
            }
        });
        return Controller.of(loop, controller.secrets, controller.accounts);
    }

    private static String uid(ServiceAccount account) {
        return account.getMetadata().getUid();
    }

    private static String account(Secret secret) {
        return secret.getMetadata().getNamespace() + "/" + secret.getMetadata().getAnnotationsOrDefault(NAME, "");
    }

    private Outcome reconcile(ObjectKey key) {
        Secret secret = secrets.get(key);
        if (secret == null) {
            forget(key);
            return Outcome.done();
        }
        ServiceAccount account = owner(secret);
        try {
            if (account == null) {
                context.client().delete(Types.SECRETS, key, exactly(secret));
            } else {
                fill(secret, account);
            }
        } catch (RuntimeException e) {
            if (!Errors.isNotFound(e)) {
                throw e;
            }
        }
        return Outcome.done();
    }

    private static DeleteOptions exactly(Secret secret) {
        return DeleteOptions.newBuilder()
                .setPreconditions(
                        Preconditions.newBuilder().setUid(secret.getMetadata().getUid()))
                .build();
    }

    /** Null when there is none, or another of that name. Asks the API server before it says so. */
    private ServiceAccount owner(Secret secret) {
        ObjectMeta meta = secret.getMetadata();
        String wanted = meta.getAnnotationsOrDefault(UID, "");
        ObjectKey key = ObjectKey.of(meta.getNamespace(), meta.getAnnotationsOrDefault(NAME, ""));
        ServiceAccount known = accounts.get(key);
        if (known != null && (wanted.isEmpty() || uid(known).equals(wanted))) {
            return known;
        }
        try {
            ServiceAccount live = context.client().get(Types.SERVICE_ACCOUNTS, key);
            return wanted.isEmpty() || uid(live).equals(wanted) ? live : null;
        } catch (RuntimeException e) {
            if (Errors.isNotFound(e)) {
                return null;
            }
            throw e;
        }
    }

    private void fill(Secret secret, ServiceAccount account) {
        boolean complete = authority.equals(secret.getDataMap().get("ca.crt"))
                && !secret.getDataOrDefault("namespace", ByteString.EMPTY).isEmpty()
                && !secret.getDataOrDefault("token", ByteString.EMPTY).isEmpty();
        if (complete) {
            return;
        }
        Secret.Builder filled = secret.toBuilder();
        filled.putData("ca.crt", authority);
        if (secret.getDataOrDefault("namespace", ByteString.EMPTY).isEmpty()) {
            filled.putData(
                    "namespace", ByteString.copyFromUtf8(secret.getMetadata().getNamespace()));
        }
        if (secret.getDataOrDefault("token", ByteString.EMPTY).isEmpty()) {
            filled.putData("token", ByteString.copyFrom(tokens.token(account, secret), StandardCharsets.UTF_8));
        }
        filled.getMetadataBuilder()
                .putAnnotations(NAME, account.getMetadata().getName())
                .putAnnotations(UID, uid(account));
        // Of the state that was looked at: what was filled meanwhile stays.
        context.client().update(Types.SECRETS, filled.build());
    }

    /** Accounts do not name a Secret that is gone. */
    private void forget(ObjectKey secret) {
        for (ServiceAccount account : List.copyOf(accounts.list(secret.namespace()))) {
            List<ObjectReference> others = account.getSecretsList().stream()
                    .filter(reference -> !reference.getName().equals(secret.name()))
                    .toList();
            if (others.size() < account.getSecretsCount()) {
                try {
                    context.client()
                            .update(
                                    Types.SERVICE_ACCOUNTS,
                                    account.toBuilder()
                                            .clearSecrets()
                                            .addAllSecrets(others)
                                            .build());
                } catch (RuntimeException e) {
                    if (!Errors.isNotFound(e)) {
                        throw e;
                    }
                }
            }
        }
    }
}

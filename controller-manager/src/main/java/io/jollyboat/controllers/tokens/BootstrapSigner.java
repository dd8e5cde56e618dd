package io.jollyboat.controllers.tokens;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Secret;
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
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the public description of the cluster with each bootstrap token: who joins with a token trusts by it what he
 * reads before he trusts the server.
 */
public final class BootstrapSigner {
    private static final ObjectKey INFO = ObjectKey.of("kube-public", "cluster-info");
    private static final String CONTENT = "kubeconfig";
    private static final String PREFIX = "jws-kubeconfig-";
    private static final int WORKERS = 1;

    private final ControllerContext context;
    private final Informer<Secret> secrets;
    private final Informer<ConfigMap> infos;

    private BootstrapSigner(ControllerContext context) {
        this.context = context;
        this.secrets = BootstrapSecrets.informer(context);
        this.infos = context.informers().of(Types.CONFIG_MAPS, Selection.fields("metadata.name=" + INFO.name()));
    }

    public static Controller create(ControllerContext context) {
        BootstrapSigner signer = new BootstrapSigner(context);
        ControllerLoop loop = context.loop("bootstrap-signer", WORKERS, signer::reconcile);
        signer.secrets.addHandler((before, after) -> loop.add(INFO));
        signer.infos.addHandler((before, after) -> {
            if (after != null && Types.CONFIG_MAPS.key(after).equals(INFO)) {
                loop.add(INFO);
            }
        });
        return Controller.of(loop, signer.secrets, signer.infos);
    }

    private Outcome reconcile(ObjectKey key) {
        ConfigMap info = infos.get(key);
        if (info == null || !info.containsData(CONTENT)) {
            return Outcome.done();
        }
        Map<String, String> data = new TreeMap<>(info.getDataMap());
        data.keySet().removeIf(name -> name.startsWith(PREFIX));
        Instant now = context.runtime().now();
        for (Secret secret : secrets.list(BootstrapSecrets.NAMESPACE)) {
            String id = BootstrapSecrets.data(secret, "token-id");
            Instant end = BootstrapSecrets.end(secret);
            boolean signs = secret.getMetadata().getName().equals(BootstrapSecrets.PREFIX + id)
                    && !BootstrapSecrets.data(secret, "token-secret").isEmpty()
                    && BootstrapSecrets.data(secret, "usage-bootstrap-signing").equals("true")
                    && (end == null || now.isBefore(end));
            if (signs) {
                data.put(
                        PREFIX + id,
                        signature(info.getDataOrThrow(CONTENT), id, BootstrapSecrets.data(secret, "token-secret")));
            }
        }
        if (!data.equals(info.getDataMap())) {
            try {
                context.client()
                        .update(
                                Types.CONFIG_MAPS,
                                info.toBuilder().clearData().putAllData(data).build());
            } catch (RuntimeException e) {
                if (!Errors.isNotFound(e)) {
                    throw e;
                }
            }
        }
        return Outcome.done();
    }

    /** A JWS without its content. */
    static String signature(String content, String id, String secret) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String header =
                encoder.encodeToString(("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
        String body = encoder.encodeToString(content.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signed = mac.doFinal((header + "." + body).getBytes(StandardCharsets.UTF_8));
            return header + ".." + encoder.encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no HmacSHA256: " + e.getMessage(), e);
        }
    }
}

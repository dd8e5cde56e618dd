package io.jollyboat.controllers.tokens;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.client.ApiClient.PatchKind;
import io.jollyboat.client.Selection;
import io.jollyboat.controller.ControllerLoop;
import io.jollyboat.controller.Outcome;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.base.Errors;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.tokens.LegacyTokenPlanner.Action;
import io.jollyboat.errors.ApiException;
import io.jollyboat.informer.Informer;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.log.Log;
import io.jollyboat.references.PodSecrets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Ends tokens in Secrets that were made for their accounts and that nobody uses. Looks once a day. */
public final class LegacyTokenCleaner {
    private static final Log LOG = Log.of(LegacyTokenCleaner.class);
    private static final Duration PERIOD = Duration.ofDays(1);
    private static final ObjectKey ALL = ObjectKey.cluster("all");

    /** Where the API server says since when it notes the use of tokens. */
    private static final ObjectKey TRACKING =
            ObjectKey.of("kube-system", "kube-apiserver-legacy-service-account-token-tracking");

    private static final String SINCE = "since";

    private final ControllerContext context;
    private final Duration unused;
    private final Informer<Secret> secrets;
    private final Informer<ServiceAccount> accounts;
    private final Informer<Pod> pods;

    private LegacyTokenCleaner(ControllerContext context, Duration unused) {
        this.context = context;
        this.unused = unused;
        this.secrets = context.informers().of(Types.SECRETS, Selection.fields("type=" + AccountTokenController.TYPE));
        this.accounts = context.informers().of(Types.SERVICE_ACCOUNTS);
        this.pods = context.informers().of(Types.PODS);
    }

    /** @param unused how long a token must not have been used before it is marked, and then before it goes */
    public static Controller create(ControllerContext context, Duration unused) {
        LegacyTokenCleaner cleaner = new LegacyTokenCleaner(context, unused);
        ControllerLoop loop = context.loop("legacy-token-cleaner", 1, key -> cleaner.clean());
        loop.add(ALL);
        return Controller.of(loop, cleaner.secrets, cleaner.accounts, cleaner.pods);
    }

    private Outcome clean() {
        Optional<LocalDate> tracked = trackedFrom();
        if (tracked.isPresent()) {
            Map<String, Set<String>> mounted = new HashMap<>();
            LegacyTokenPlanner planner = new LegacyTokenPlanner(
                    unused, this::account, namespace -> mounted.computeIfAbsent(namespace, this::mounted));
            planner.plan(secrets.list(), tracked.get(), context.runtime().now()).forEach(this::execute);
        }
        return Outcome.after(PERIOD);
    }

    /** Empty while that is not known; a server that began a moment ago has nothing to end before the next look. */
    private Optional<LocalDate> trackedFrom() {
        String since;
        try {
            since = context.client().get(Types.CONFIG_MAPS, TRACKING).getDataOrDefault(SINCE, "");
        } catch (RuntimeException e) {
            if (!Errors.isNotFound(e)) {
                throw e;
            }
            since = "";
        }
        if (!LegacyTokenPlanner.isDay(since)) {
            LOG.info("since when the use of tokens is noted is not known", "configmap", TRACKING, "since", since);
            return Optional.empty();
        }
        return Optional.of(LocalDate.parse(since).plusDays(1));
    }

    private Optional<ServiceAccount> account(Secret secret) {
        ObjectMeta meta = secret.getMetadata();
        String name = meta.getAnnotationsOrDefault(AccountTokenController.NAME, "");
        String uid = meta.getAnnotationsOrDefault(AccountTokenController.UID, "");
        return Optional.ofNullable(name.isEmpty() ? null : accounts.get(ObjectKey.of(meta.getNamespace(), name)))
                .filter(account ->
                        uid.isEmpty() || uid.equals(account.getMetadata().getUid()));
    }

    private Set<String> mounted(String namespace) {
        Set<String> names = new HashSet<>();
        pods.list(namespace).forEach(pod -> PodSecrets.visit(pod, names::add));
        return names;
    }

    /** What fails does not hold up the others; it is tried again the next day. */
    private void execute(Action action) {
        try {
            switch (action) {
                case Action.Mark mark -> mark(mark.secret(), mark.since());
                case Action.Delete delete -> delete(delete.secret());
            }
        } catch (ApiException e) {
            if (!Errors.isNotFound(e) && !e.isConflict()) {
                LOG.warn(
                        "a token in a Secret is not ended",
                        "action",
                        action.getClass().getSimpleName(),
                        "reason",
                        e);
            }
        }
    }

    private void mark(Secret secret, LocalDate since) {
        LOG.info("token is marked as invalid", "secret", Types.SECRETS.key(secret), "since", since);
        // A Secret of the same name that came instead is another one.
        String patch = "{\"metadata\":{\"uid\":\"" + secret.getMetadata().getUid() + "\",\"labels\":{\""
                + LegacyTokenPlanner.INVALID_SINCE + "\":\"" + since + "\"}}}";
        context.client().patch(Types.SECRETS, Types.SECRETS.key(secret), "", PatchKind.MERGE, patch);
    }

    private void delete(Secret secret) {
        LOG.info("token is deleted", "secret", Types.SECRETS.key(secret));
        Preconditions unchanged = Preconditions.newBuilder()
                .setResourceVersion(secret.getMetadata().getResourceVersion())
                .build();
        context.client()
                .delete(
                        Types.SECRETS,
                        Types.SECRETS.key(secret),
                        DeleteOptions.newBuilder().setPreconditions(unchanged).build());
    }
}

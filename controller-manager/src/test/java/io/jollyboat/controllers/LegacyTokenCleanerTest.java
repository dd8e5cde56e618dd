package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.controllers.tokens.LegacyTokenCleaner;
import io.jollyboat.informer.HandInformers;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.VirtualRuntime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cleaner that waits ten days. */
class LegacyTokenCleanerTest {
    private static final String USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID = "kubernetes.io/legacy-token-invalid-since";

    private final Metrics metrics = new Metrics();
    private final FakeApi api = new FakeApi();
    private final HandInformers informers = new HandInformers();
    private final VirtualRuntime runtime = new VirtualRuntime(1);
    private final LocalDate today = LocalDate.ofInstant(runtime.now(), ZoneOffset.UTC);
    private final Controller controller = LegacyTokenCleaner.create(
            new ControllerContext(api, informers, (about, type, reason, message) -> {}, runtime, metrics),
            Duration.ofDays(10));

    @AfterEach
    void stop() {
        controller.close();
    }

    private void run(String since) {
        for (String name : List.of("default", "kube-system")) {
            Namespace.Builder namespace = Namespace.newBuilder();
            namespace.getMetadataBuilder().setName(name);
            api.create(Types.NAMESPACES, namespace.build());
        }
        if (since != null) {
            ConfigMap.Builder tracking = ConfigMap.newBuilder().putData("since", since);
            tracking.getMetadataBuilder()
                    .setNamespace("kube-system")
                    .setName("kube-apiserver-legacy-service-account-token-tracking");
            api.create(Types.CONFIG_MAPS, tracking.build());
        }
        account();
        token("unused", 400, s -> {});
        token("used-long-ago", 400, s -> s.getMetadataBuilder().putLabels(USED, day(11)));
        token("used", 400, s -> s.getMetadataBuilder().putLabels(USED, day(10)));
        token("unreadable", 400, s -> s.getMetadataBuilder().putLabels(USED, "lately"));
        token("new", 9, s -> {});
        token("asked-for", 400, s -> {});
        token("mounted", 400, s -> {});
        token("of-another", 400, s -> s.getMetadataBuilder().putAnnotations("kubernetes.io/service-account.uid", "x"));
        token("opaque", 400, s -> s.setType("Opaque"));
        token("marked", 400, s -> s.getMetadataBuilder().putLabels(INVALID, day(9)));
        token("marked-long-ago", 400, s -> s.getMetadataBuilder().putLabels(INVALID, day(11)));
        token(
                "marked-but-used",
                400,
                s -> s.getMetadataBuilder().putLabels(INVALID, day(11)).putLabels(USED, day(1)));
        Pod.Builder pod = Pod.newBuilder();
        pod.getMetadataBuilder().setNamespace("default").setName("p");
        pod.getSpecBuilder()
                .addVolumesBuilder()
                .getVolumeSourceBuilder()
                .getSecretBuilder()
                .setSecretName("mounted");
        informers.put(api.create(Types.PODS, pod.build()));
        informers.start();
        controller.start();
        looked(1);
    }

    private void looked(int times) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> metrics.counter(
                                        "controller_reconcile",
                                        "Reconciliations by their outcome",
                                        "controller",
                                        "result")
                                .labelValues("legacy-token-cleaner", "requeue_after")
                                .get()
                        == times);
    }

    @Test
    void whatIsUnusedIsMarkedAndLaterGoes() {
        run(day(12));
        assertThat(names("")).doesNotContain("marked-long-ago").hasSize(11);
        assertThat(names(INVALID)).containsExactlyInAnyOrder("unused", "used-long-ago", "marked", "marked-but-used");
        assertThat(label("unused", INVALID)).isEqualTo(today.toString());
        assertThat(label("marked", INVALID)).isEqualTo(day(9));
    }

    /** The day after tracking began is the first whole one; ten days from there are not over. */
    @Test
    void nothingGoesBeforeUseWasNotedForLong() {
        run(day(10));
        assertThat(names("")).hasSize(12);
        assertThat(names(INVALID)).containsExactlyInAnyOrder("marked", "marked-long-ago", "marked-but-used");
    }

    @Test
    void nothingGoesWhereTheBeginIsUnknown() {
        run(null);
        assertThat(names("")).hasSize(12);
        assertThat(names(INVALID)).hasSize(3);
    }

    @Test
    void itLooksAgainTheNextDay() {
        run(day(10));
        runtime.advance(Duration.ofDays(1));
        looked(2);
        assertThat(names("")).doesNotContain("marked-long-ago");
        assertThat(label("unused", INVALID)).isEqualTo(today.plusDays(1).toString());
    }

    private String day(int ago) {
        return today.minusDays(ago).toString();
    }

    private void account() {
        ServiceAccount.Builder account = ServiceAccount.newBuilder();
        account.getMetadataBuilder().setNamespace("default").setName("robot");
        for (String name : List.of(
                "unused",
                "used-long-ago",
                "used",
                "unreadable",
                "new",
                "mounted",
                "of-another",
                "opaque",
                "marked",
                "marked-long-ago",
                "marked-but-used")) {
            account.addSecretsBuilder().setName(name);
        }
        informers.put(api.create(Types.SERVICE_ACCOUNTS, account.build()));
    }

    private void token(String name, int daysOld, Consumer<Secret.Builder> change) {
        Secret.Builder secret = Secret.newBuilder().setType("kubernetes.io/service-account-token");
        secret.getMetadataBuilder()
                .setNamespace("default")
                .setName(name)
                .putAnnotations("kubernetes.io/service-account.name", "robot");
        change.accept(secret);
        Secret.Builder made = api.create(Types.SECRETS, secret.build()).toBuilder();
        Instant created = runtime.now().minus(Duration.ofDays(daysOld));
        made.getMetadataBuilder().setCreationTimestamp(Time.newBuilder().setSeconds(created.getEpochSecond()));
        informers.put(made.build());
    }

    private String label(String name, String label) {
        return api.get(Types.SECRETS, ObjectKey.of("default", name))
                .getMetadata()
                .getLabelsOrDefault(label, "");
    }

    private List<String> names(String label) {
        return api.list(Types.SECRETS, "default", Selection.ALL).items().stream()
                .filter(secret ->
                        label.isEmpty() || secret.getMetadata().getLabelsMap().containsKey(label))
                .map(secret -> secret.getMetadata().getName())
                .toList();
    }
}

package io.jollyboat.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.testing.ContainerdHost;
import io.jollyboat.kubelet.testing.Pods;
import io.jollyboat.kubelet.testing.TestNode;
import io.jollyboat.tls.TlsFiles;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who may come in, and logs. */
class KubeletServerTest extends KubeletServerFixture {
    @Test
    void knowsItsCallers() throws Exception {
        try (HttpClient nobody = client(TlsFiles.trusting(pki.clusterAuthority()));
                HttpClient scheduler = client(pki.scheduler());
                HttpClient apiServer = apiServer()) {
            assertThat(answer(nobody, "/healthz").body()).isEqualTo("ok");
            assertThat(answer(nobody, "/pods").statusCode()).isEqualTo(401);
            assertThat(answer(scheduler, "/pods").statusCode()).isEqualTo(403);
            assertThat(answer(scheduler, "/pods").body()).contains("user=system:kube-scheduler");
            assertThat(answer(apiServer, "/pods").body()).contains("\"kind\":\"PodList\"");
            assertThat(answer(apiServer, "/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void servesLogs() throws Exception {
        node.create(
                "logs",
                s -> s.setTerminationGracePeriodSeconds(1)
                        .addContainers(Pods.container(
                                "c",
                                ContainerdHost.BUSYBOX,
                                List.of(
                                        "sh",
                                        "-c",
                                        "for i in 1 2 3 4 5; do echo line $i; done; while [ ! -e /go ]; do sleep 0.05; done;"
                                                + " echo bad >&2; sleep 1000"))));
        Pod pod = node.awaitReady("logs");
        try (HttpClient client = apiServer()) {
            String path = "/containerLogs/default/logs/c";
            // The two streams are two pipes: only what is already in the log is surely before what follows.
            awaitLogs(client, path, "line 1\nline 2\nline 3\nline 4\nline 5\n");
            String id = pod.getStatus().getContainerStatuses(0).getContainerID().substring("containerd://".length());
            cri.execSync(id, List.of("touch", "/go"), Duration.ofSeconds(30));
            awaitLogs(client, path, "line 1\nline 2\nline 3\nline 4\nline 5\nbad\n");
            assertThat(answer(client, path + "?tailLines=2").body()).isEqualTo("line 5\nbad\n");
            assertThat(answer(client, path + "?tailLines=0").body()).isEmpty();
            assertThat(answer(client, path + "?limitBytes=9").body()).isEqualTo("line 1\nli");
            assertThat(answer(client, path + "?stream=Stderr").body()).isEqualTo("bad\n");
            assertThat(answer(client, path + "?sinceTime=2999-01-01T00:00:00Z").body())
                    .isEmpty();
            assertThat(answer(client, path + "?sinceSeconds=100&tailLines=1").body())
                    .isEqualTo("bad\n");
            assertThat(answer(client, path + "?timestamps=true&tailLines=1").body())
                    .matches("\\d{4}-\\d\\d-\\d\\dT[^ ]+ bad\n");
            assertThat(answer(client, path + "?tailLines=x").statusCode()).isEqualTo(400);
            HttpResponse<String> previous = answer(client, path + "?previous=true");
            assertThat(previous.statusCode()).isEqualTo(400);
            assertThat(previous.body()).isEqualTo("previous terminated container \"c\" in pod \"logs\" not found");
            assertThat(answer(client, "/containerLogs/default/absent/c").statusCode())
                    .isEqualTo(404);
        }
        node.remove("logs");
    }

    private static void awaitLogs(HttpClient client, String path, String expected) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(answer(client, path).body()).isEqualTo(expected));
    }

    @Test
    void followsLogsToTheEnd() throws Exception {
        node.create(
                "follow",
                s -> s.setRestartPolicy("Never")
                        .addContainers(Pods.container(
                                "c",
                                ContainerdHost.BUSYBOX,
                                List.of(
                                        "sh",
                                        "-c",
                                        "echo first; while [ ! -e /go ]; do sleep 0.05; done; echo last"))));
        Pod pod = node.awaitReady("follow");
        try (HttpClient client = apiServer();
                InputStream body = client.send(
                                get("/containerLogs/default/follow/c?follow=true"),
                                HttpResponse.BodyHandlers.ofInputStream())
                        .body()) {
            assertThat(new String(body.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("first\n");
            String id = pod.getStatus().getContainerStatuses(0).getContainerID().substring("containerd://".length());
            cri.execSync(id, List.of("touch", "/go"), Duration.ofSeconds(30));
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("last\n");
        }
        node.remove("follow");
    }

    @Test
    void servesLogsOfThePreviousInstance() throws Exception {
        node.create(
                "previous",
                s -> s.addContainers(
                        Pods.container("c", ContainerdHost.BUSYBOX, List.of("sh", "-c", "echo it was me; exit 1"))));
        node.await(
                "previous",
                p -> TestNode.container(p, "c")
                        .getState()
                        .getWaiting()
                        .getReason()
                        .equals("CrashLoopBackOff"));
        try (HttpClient client = apiServer()) {
            assertThat(answer(client, "/containerLogs/default/previous/c?previous=true")
                            .body())
                    .isEqualTo("it was me\n");
        }
        node.remove("previous");
    }

    @Test
    void saysWhyThereAreNoLogs() throws Exception {
        node.create(
                "waits",
                s -> s.addContainers(Pods.container("c", "registry.test/absent:1", Pods.SERVE)
                        .setImagePullPolicy("Never")));
        node.await(
                "waits",
                p -> TestNode.container(p, "c")
                        .getState()
                        .getWaiting()
                        .getReason()
                        .equals("ErrImageNeverPull"));
        try (HttpClient client = apiServer()) {
            HttpResponse<String> answer = answer(client, "/containerLogs/default/waits/c");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("container \"c\" in pod \"waits\" is waiting to start: ErrImageNeverPull");
        }
        node.remove("waits");
    }
}

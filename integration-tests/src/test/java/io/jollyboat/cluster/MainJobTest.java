package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Deployment behind a Service on real processes, etcd and containerd, driven by kubectl itself. */
class MainJobTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @BeforeAll
    static void onlyWhereItCanRun() {
        assumeTrue(System.getProperty("user.name").equals("root"), "not root: a cluster needs network namespaces");
        Set<String> missing = new HashSet<>(List.of("containerd", "etcd", "nft", "ip", "kubectl", "catatonit"));
        missing.removeIf(program -> Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))));
        assumeTrue(missing.isEmpty(), "not installed: " + missing);
    }

    /** On one host it runs in {@link ClientsTest}, where a cluster is up anyway. */
    @Test
    void onThreeHosts() throws Exception {
        LocalCluster cluster = new LocalCluster();
        try (cluster) {
            assertThat(cluster.up(3)).contains("ready: kubectl uses the context");
            deploymentBehindAServiceFromBirthToDeath(cluster, 3);
        }
        assertThat(cluster.traces()).isEmpty();
    }

    static void deploymentBehindAServiceFromBirthToDeath(LocalCluster cluster, int nodes) throws Exception {
        assertThat(cluster.up(nodes)).contains("running already: nothing changed");
        assertThat(cluster.kubectl("get", "nodes", "--no-headers").lines())
                .hasSize(nodes)
                .allMatch(line -> line.contains(" Ready "));

        cluster.kubectl("create", "deployment", "web", "--image=jollyboat/web:1", "--replicas=4");
        cluster.kubectl("expose", "deployment", "web", "--port=80", "--target-port=8080");
        cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        String ip = cluster.kubectl("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
        await().atMost(LIMIT).until(() -> page(ip).contains("version 1"));
        Set<String> seen = new HashSet<>();
        await().atMost(LIMIT).until(() -> {
            seen.add(page(ip));
            return seen.size() == 4;
        });

        String pod = cluster.kubectl("get", "pods", "-o", "jsonpath={.items[0].metadata.name}");
        assertThat(cluster.kubectl("exec", pod, "--", "hostname")).endsWith(pod);
        assertThat(cluster.kubectl("exec", pod, "--", "cat", "/etc/resolv.conf"))
                .contains("search default.svc.cluster.local svc.cluster.local cluster.local")
                .contains("nameserver 10.97.0.10");
        await().atMost(LIMIT)
                .until(() -> cluster.kubectl("logs", "deployment/web").contains("response:200"));
        String node = cluster.kubectl("get", "pod", pod, "-o", "jsonpath={.spec.nodeName}");

        // Every kind of process dies in the middle of a rollout: pods go on serving, the rollout finishes.
        cluster.kubectl("set", "image", "deployment/web", "web=jollyboat/web:2");
        for (String victim : List.of(
                "api-server",
                "controller-manager",
                "scheduler",
                "kubelet-" + node,
                "kube-proxy-" + node,
                "etcd",
                "containerd-" + node)) {
            cluster.kill(victim);
        }
        await().atMost(LIMIT).until(() -> page(ip).contains("Hello from"));
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> !cluster.kubectl("get", "deployments").isEmpty());
        await().atMost(Duration.ofMinutes(2))
                .until(() -> cluster.kubectl(
                                "get",
                                "deployment",
                                "web",
                                "-o",
                                "jsonpath={.status.updatedReplicas}/{.status.availableReplicas}/{.status.replicas}")
                        .equals("4/4/4"));
        await().atMost(LIMIT).until(() -> page(ip).contains("version 2"));

        cluster.kubectl("rollout", "undo", "deployment/web");
        cluster.kubectl("rollout", "status", "deployment/web", "--timeout=90s");
        await().atMost(LIMIT).until(() -> page(ip).contains("version 1"));

        cluster.kubectl("delete", "deployment,service", "web");
        await().atMost(LIMIT)
                .until(() -> cluster.kubectl("get", "pods,replicasets,endpointslices", "-l", "app=web")
                        .contains("No resources found"));
    }

    /** What the Service answers, or the reason why not. */
    static String page(String ip) {
        try {
            URLConnection connection = URI.create("http://" + ip + "/").toURL().openConnection();
            connection.setConnectTimeout(2000);
            connection.setReadTimeout(2000);
            connection.setRequestProperty("Connection", "close");
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return e.toString();
        }
    }
}

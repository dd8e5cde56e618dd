package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls and pods that reach what is outside of the cluster, and cluster addresses that stay inside. */
class WayOutTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final List<String> UNUSED = List.of("10.201.77.7", "10.97.9.9", "10.91.0.200");

    @TempDir
    Path folder;

    @BeforeAll
    static void onlyWhereItCanRun() {
        assumeTrue(System.getProperty("user.name").equals("root"), "not root: a cluster needs network namespaces");
        assumeTrue(Files.exists(Path.of("/dev/net/tun")), "no /dev/net/tun");
        for (String program : List.of("containerd", "etcd", "nft", "ip", "kubectl", "catatonit", "slirp4netns")) {
            assumeTrue(
                    Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                            .anyMatch(f -> Files.isExecutable(Path.of(f, program))),
                    "not installed: " + program);
        }
    }

    @Test
    void podsReachOutsideAndTheClustersOwnAddressesStayInside() throws Exception {
        Path resolvConf = Files.writeString(folder.resolve("resolv.conf"), "nameserver " + Outside.ADDRESS + "\n");
        LocalCluster cluster = new LocalCluster(Map.of("JOLLY_RESOLV_CONF", resolvConf.toString()));
        try (Outside outside = new Outside(folder.resolve("image"));
                cluster) {
            assertThat(cluster.up("--nodes=2")).contains("ready: kubectl uses the context");
            outside.unpack(cluster.data().resolve("jolly-test/images/web-1.tar"));
            allowPlainHttp(cluster, outside);
            pulledPodsReachOutside(cluster, outside);
            unusedAddressesStayInside(cluster);
            privateImagesNeedTheServiceAccountsSecret(cluster, outside);

            cluster.kill("egress");
            await().atMost(LIMIT)
                    .until(() -> cluster.execute("deployment/web", "nslookup", Outside.NAME)
                            .contains("Address: " + Outside.ADDRESS));
        }
        assertThat(cluster.traces()).isEmpty();
    }

    private static void allowPlainHttp(LocalCluster cluster, Outside outside) throws Exception {
        Path hosts = cluster.data().resolve("jolly-test/certs.d").resolve(outside.registry());
        Files.createDirectories(hosts);
        Files.writeString(hosts.resolve("hosts.toml"), """
                server = "http://%1$s"
                [host."http://%1$s"]
                  capabilities = ["pull", "resolve"]
                """.formatted(outside.registry()));
    }

    private static void pulledPodsReachOutside(LocalCluster cluster, Outside outside) throws Exception {
        String image = outside.registry() + "/team/web";
        cluster.kubectl("create", "deployment", "web", "--image=" + image + ":1", "--replicas=2");
        cluster.kubectl("rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(cluster.kubectl("get", "pods", "-o", "jsonpath={.items[*].status.containerStatuses[0].imageID}"))
                .isEqualTo(image + "@" + outside.digest() + " " + image + "@" + outside.digest());
        await().atMost(LIMIT)
                .until(() -> cluster.execute("deployment/web", "nslookup", Outside.NAME)
                        .contains("Address: " + Outside.ADDRESS));
        assertThat(cluster.execute(
                        "deployment/web",
                        "sh",
                        "-c",
                        "printf 'GET /v2/ HTTP/1.0\\r\\n\\r\\n' | nc " + Outside.NAME + " " + outside.port()))
                .contains("200 OK");
    }

    private static void unusedAddressesStayInside(LocalCluster cluster) throws Exception {
        String inFabric = "nsenter --net=/run/netns/jolly-test-fabric nft ";
        Outside.run("sh", "-c", inFabric + """
                -f - <<END
                table ip watch {
                  chain leaving {
                    type filter hook postrouting priority 200;
                    oifname "out" ip daddr { 10.91.0.0/24, 10.201.0.0/16, 10.97.0.0/16 } counter
                    oifname "out" ip daddr 198.51.100.2 counter
                  }
                }
                END
                """);
        for (String address : UNUSED) {
            String connect = "nc -w 2 " + address + " 80 </dev/null && echo connected || echo refused";
            assertThat(cluster.execute("deployment/web", "sh", "-c", connect))
                    .contains("refused")
                    .doesNotContain("connected");
            assertThat(Outside.run(
                            "sh",
                            "-c",
                            "nsenter --net=/run/netns/jolly-test-node-1 timeout 2 bash -c 'echo >/dev/tcp/" + address
                                    + "/80' 2>/dev/null && echo connected || echo refused"))
                    .isEqualTo("refused\n");
            assertThat(Outside.run(
                            "sh",
                            "-c",
                            "timeout 2 bash -c 'echo >/dev/tcp/" + address
                                    + "/80' 2>/dev/null && echo connected || echo refused"))
                    .isEqualTo("refused\n");
        }
        // What is meant to leave is seen by the same chain.
        var _ = cluster.execute("deployment/web", "sh", "-c", "nc -w 2 " + Outside.ADDRESS + " 9 </dev/null; true");
        List<String> counters = Outside.run("sh", "-c", inFabric + "list chain ip watch leaving")
                .lines()
                .filter(line -> line.contains("counter"))
                .toList();
        assertThat(counters).hasSize(2);
        assertThat(counters.get(0)).contains("packets 0 ");
        assertThat(counters.get(1)).doesNotContain("packets 0 ");
    }

    private static void privateImagesNeedTheServiceAccountsSecret(LocalCluster cluster, Outside outside)
            throws Exception {
        String image = outside.registry() + "/private/web:1";
        String reason = "jsonpath={.status.containerStatuses[0].state.waiting.reason}";
        cluster.kubectl("run", "refused", "--image=" + image);
        await().atMost(LIMIT)
                .until(() ->
                        cluster.kubectl("get", "pod", "refused", "-o", reason).equals("ImagePullBackOff"));
        cluster.kubectl(
                "create",
                "secret",
                "docker-registry",
                "outside",
                "--docker-server=" + outside.registry(),
                "--docker-username=ann",
                "--docker-password=sesame");
        cluster.kubectl("patch", "serviceaccount", "default", "-p", "{\"imagePullSecrets\":[{\"name\":\"outside\"}]}");
        cluster.kubectl("run", "admitted", "--image=" + image);
        cluster.kubectl("wait", "--for=condition=Ready", "pod/admitted", "--timeout=60s");
    }
}

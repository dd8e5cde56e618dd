package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.cluster.ClientProgram.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a user does in the first hour, with kubectl of some version; the words are upstream's. */
final class KubectlWalk implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Pattern FORWARDED = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) -> 8080");
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, labels: {app: web}}
            spec:
              selector: {app: web}
              ports: [{port: 80, targetPort: 8080}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: web, image: "jollyboat/web:1"}]
            """;

    private final ClientProgram kubectl;
    private final int minor;
    private Path manifest;

    KubectlWalk(LocalCluster cluster, String version, Path program) throws Exception {
        this.minor = Integer.parseInt(version.substring(version.indexOf('.') + 1));
        this.kubectl = new ClientProgram(cluster, program, "kubectl-1-" + minor);
    }

    void run() throws Exception {
        assertThat(kubectl.run("create", "namespace", kubectl.namespace()))
                .isEqualTo("namespace/" + kubectl.namespace() + " created");
        apply();
        applyOnTheServer();
        String pod = look();
        into(pod);
        portForward(pod);
        rollOut();
        mark();
        ask();
        end();
    }

    private void apply() throws Exception {
        manifest = Files.writeString(kubectl.folder().resolve("web.yaml"), MANIFEST);
        assertThat(kubectl.run("apply", "-f", manifest.toString()))
                .isEqualTo("service/web created\ndeployment.apps/web created");
        assertThat(kubectl.run("apply", "-f", manifest.toString()))
                .isEqualTo("service/web unchanged\ndeployment.apps/web unchanged");
        assertThat(kubectl.run("rollout", "status", "deployment/web"))
                .endsWith("deployment \"web\" successfully rolled out");
        // A status written between the two states that kubectl compares.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kubectl.answer("", "diff", "-f", manifest.toString()))
                        .isEqualTo(new Answer(0, "")));
        Files.writeString(manifest, MANIFEST.replace("replicas: 2", "replicas: 3"));
        Answer difference = kubectl.answer("", "diff", "-f", manifest.toString());
        assertThat(difference.code()).as(difference.text()).isEqualTo(1);
        assertThat(difference.text()).contains("-  replicas: 2\n+  replicas: 3");
        assertThat(kubectl.run("apply", "-f", manifest.toString()))
                .isEqualTo("service/web unchanged\ndeployment.apps/web configured");
        assertThat(kubectl.run("wait", "--for=condition=Available", "--timeout=60s", "deployment/web"))
                .isEqualTo("deployment.apps/web condition met");
        assertThat(kubectl.run("rollout", "status", "deployment/web"))
                .endsWith("deployment \"web\" successfully rolled out");
    }

    private void applyOnTheServer() throws Exception {
        String config = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: shared}
                data: {mine: a}
                """;
        Path file = Files.writeString(kubectl.folder().resolve("shared.yaml"), config);
        String[] apply = {"apply", "--server-side", "-f", file.toString()};
        assertThat(kubectl.run(apply)).isEqualTo("configmap/shared serverside-applied");
        assertThat(kubectl.run(apply)).isEqualTo("configmap/shared serverside-applied");
        kubectl.run(
                "patch", "configmap", "shared", "--type=merge", "-p", "{\"data\":{\"mine\":\"b\",\"other\":\"c\"}}");
        Answer conflict = kubectl.answer("", apply);
        assertThat(conflict.code()).as(conflict.text()).isEqualTo(1);
        assertThat(conflict.text())
                .contains("Apply failed with 1 conflict: conflict with \"kubectl-patch\" using v1: .data.mine");
        assertThat(kubectl.run("apply", "--server-side", "--force-conflicts", "-f", file.toString()))
                .isEqualTo("configmap/shared serverside-applied");
        assertThat(kubectl.run("get", "configmap", "shared", "-o", "jsonpath={.data}"))
                .isIn("{\"mine\":\"a\",\"other\":\"c\"}", "map[mine:a other:c]");
        // Since 1.21 managed fields are hidden unless asked for.
        assertThat(kubectl.run("get", "configmap", "shared", "-o", "yaml").contains("managedFields:"))
                .isEqualTo(minor < 21);
        if (minor >= 21) {
            assertThat(kubectl.run("get", "configmap", "shared", "-o", "yaml", "--show-managed-fields"))
                    .contains(
                            "manager: kubectl\n    operation: Apply", "manager: kubectl-patch\n    operation: Update");
        }
        kubectl.run("delete", "configmap", "shared");
    }

    private String look() throws Exception {
        assertThat(kubectl.run("get", "deployment", "web", "-o", "wide"))
                .containsPattern("NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\n"
                        + "web +3/3 +3 +3 +\\S+ +web +jollyboat/web:1 +app=web$");
        assertThat(kubectl.run("get", "pods", "-o", "wide").lines())
                .hasSize(4)
                .first()
                .asString()
                .matches("NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES");
        assertThat(kubectl.run("get", "service", "web", "-o", "yaml"))
                .startsWith("apiVersion: v1\nkind: Service\nmetadata:\n")
                .contains("\n  sessionAffinity: None\n  type: ClusterIP\nstatus:\n  loadBalancer: {}");
        assertThat(kubectl.run("get", "all"))
                .contains("pod/web-", "service/web ", "deployment.apps/web ", "replicaset.apps/web-");
        assertThat(kubectl.run("describe", "deployment", "web"))
                .containsPattern("Replicas: +3 desired \\| 3 updated \\| 3 total \\| 3 available \\| 0 unavailable")
                .containsPattern("RollingUpdateStrategy: +25% max unavailable, 25% max surge")
                .containsPattern("ScalingReplicaSet .*Scaled up replica set web-\\S+ (from \\d )?to \\d");
        String pod = kubectl.run("get", "pods", "-o", "jsonpath={.items[0].metadata.name}");
        // Events are sent in the background.
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(kubectl.run("get", "events", "--field-selector", "involvedObject.name=" + pod))
                                .contains("Scheduled", "Pulled", "Created", "Started", "pod/" + pod));
        assertThat(kubectl.run("describe", "pod", pod))
                .containsPattern("Status: +Running")
                .containsPattern("QoS Class: +BestEffort")
                .containsPattern("Scheduled .*Successfully assigned " + kubectl.namespace() + "/" + pod + " to node-1");
        if (minor >= 27) {
            assertThat(kubectl.run("events", "--for", "pod/" + pod)).contains("Scheduled", "Pod/" + pod);
        }
        return pod;
    }

    private void into(String pod) throws Exception {
        String ip = kubectl.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
        await().atMost(LIMIT).until(() -> {
            MainJobTest.page(ip);
            return kubectl.run("logs", pod).contains("response:200");
        });
        assertThat(kubectl.run("logs", "--tail=1", "--timestamps", pod)).matches("20\\S+Z .*response:200");
        assertThat(kubectl.run("exec", pod, "--", "hostname")).isEqualTo(pod);
        assertThat(kubectl.answer("echo $((6 * 7)); exit 3\n", "exec", "-i", pod, "--", "sh"))
                .isEqualTo(new Answer(3, "42\ncommand terminated with exit code 3"));
        // It counts until its input ends, which is said apart from the connection's end.
        assertThat(kubectl.answer("0123456789".repeat(100_000), "exec", "-i", pod, "--", "wc", "-c"))
                .isEqualTo(new Answer(0, "1000000"));
        Path letter = Files.writeString(kubectl.folder().resolve("letter"), "there and back\n".repeat(5000));
        kubectl.run("cp", "letter", pod + ":/tmp/letter");
        kubectl.run("cp", pod + ":/tmp/letter", "back");
        assertThat(kubectl.folder().resolve("back")).hasSameTextualContentAs(letter);
    }

    private void portForward(String pod) throws Exception {
        Path output = Files.createTempFile(kubectl.folder(), "forward", "");
        Process forward = kubectl.start(output, "port-forward", "pod/" + pod, ":8080");
        try {
            Matcher matcher = await().atMost(LIMIT)
                    .until(() -> FORWARDED.matcher(Files.readString(output, StandardCharsets.UTF_8)), Matcher::find);
            assertThat(MainJobTest.page("127.0.0.1:" + matcher.group(1))).startsWith("Hello from " + pod);
        } finally {
            forward.destroy();
            forward.waitFor();
        }
    }

    private void rollOut() throws Exception {
        assertThat(kubectl.run("scale", "deployment/web", "--replicas=2")).isEqualTo("deployment.apps/web scaled");
        assertThat(kubectl.run("set", "image", "deployment/web", "web=jollyboat/web:2"))
                .isEqualTo("deployment.apps/web image updated");
        assertThat(kubectl.run("rollout", "status", "deployment/web"))
                .endsWith("deployment \"web\" successfully rolled out");
        assertThat(kubectl.run("rollout", "history", "deployment/web"))
                .containsPattern("deployment.apps/web ?\nREVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>");
        assertThat(kubectl.run("rollout", "undo", "deployment/web")).isEqualTo("deployment.apps/web rolled back");
        assertThat(kubectl.run("rollout", "status", "deployment/web"))
                .endsWith("deployment \"web\" successfully rolled out");
        assertThat(kubectl.run("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"))
                .isEqualTo("jollyboat/web:1");
    }

    private void mark() throws Exception {
        assertThat(kubectl.run("patch", "deployment", "web", "-p", "{\"spec\":{\"minReadySeconds\":1}}"))
                .isEqualTo("deployment.apps/web patched");
        // A status written between kubectl's get and its patch counts as a change.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                kubectl.run("patch", "deployment", "web", "-p", "{\"spec\":{\"minReadySeconds\":1}}"))
                        .isEqualTo("deployment.apps/web patched (no change)"));
        assertThat(kubectl.run("label", "deployment", "web", "tier=front")).isEqualTo("deployment.apps/web labeled");
        assertThat(kubectl.answer("", "label", "deployment", "web", "tier=back").text())
                .contains("'tier' already has a value (front), and --overwrite is false");
        // 1.27 leaves the d out.
        assertThat(kubectl.run("annotate", "deployment", "web", "note=x")).startsWith("deployment.apps/web annotate");
        assertThat(kubectl.run("get", "deployments", "-l", "tier=front", "-o", "name"))
                .isEqualTo("deployment.apps/web");
        if (minor >= 24) {
            assertThat(kubectl.run("create", "token", "default")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        }
        assertThat(kubectl.run("create", "configmap", "map", "--from-literal=a=b"))
                .isEqualTo("configmap/map created");
        assertThat(kubectl.answer("", "create", "configmap", "map"))
                .isEqualTo(new Answer(
                        1,
                        (minor >= 24 ? "error: failed to create configmap: " : "Error from server (AlreadyExists): ")
                                + "configmaps \"map\" already exists"));
    }

    private void ask() throws Exception {
        assertThat(kubectl.run("explain", "deployment.spec.replicas"))
                .containsPattern("KIND: +Deployment")
                .contains("replicas")
                .contains("<integer>");
        assertThat(kubectl.run("api-resources"))
                .containsPattern("deployments +deploy +apps/v1 +true +Deployment")
                .containsPattern("pods +po +v1 +true +Pod");
        assertThat(kubectl.run("auth", "can-i", "create", "deployments")).isEqualTo("yes");
        assertThat(kubectl.answer("", "auth", "can-i", "list", "secrets", "--as=system:serviceaccount:default:default"))
                .isEqualTo(new Answer(1, "no"));
        assertThat(kubectl.answer("", "top", "pods")).isEqualTo(new Answer(1, "error: Metrics API not available"));
        assertThat(kubectl.answer("", "get", "pod", "nosuch"))
                .isEqualTo(new Answer(1, "Error from server (NotFound): pods \"nosuch\" not found"));
        assertThat(kubectl.answer("", "get", "nosuch"))
                .isEqualTo(new Answer(1, "error: the server doesn't have a resource type \"nosuch\""));
        Answer bad = kubectl.answer(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"Bad_Name\"}}",
                "create",
                "-f",
                "-");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.text())
                .startsWith("The ConfigMap \"Bad_Name\" is invalid: metadata.name: Invalid value: \"Bad_Name\": "
                        + "a lowercase RFC 1123 subdomain must consist of");
    }

    private void end() throws Exception {
        assertThat(kubectl.run("delete", "-f", manifest.toString()))
                .matches("service \"web\" deleted.*\ndeployment.apps \"web\" deleted.*");
        await().atMost(LIMIT)
                .until(() -> kubectl.run("get", "pods,replicasets,endpointslices,services")
                        .equals("No resources found in " + kubectl.namespace() + " namespace."));
        kubectl.run("delete", "namespace", kubectl.namespace());
        assertThat(kubectl.answer("", "get", "namespace", kubectl.namespace()).text())
                .isEqualTo("Error from server (NotFound): namespaces \"" + kubectl.namespace() + "\" not found");
    }

    @Override
    public void close() throws Exception {
        kubectl.close();
    }
}

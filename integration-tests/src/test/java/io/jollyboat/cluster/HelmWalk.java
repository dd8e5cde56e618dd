package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.cluster.ClientProgram.Answer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small chart is installed, upgraded, rolled back and uninstalled. */
final class HelmWalk implements AutoCloseable {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
              labels: {app: {{ .Release.Name }}}
            spec:
              replicas: {{ .Values.replicas }}
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: web
                      image: jollyboat/web:{{ .Values.version }}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}}
            spec:
              selector: {app: {{ .Release.Name }}}
              ports: [{port: 80, targetPort: 8080}]
            """;

    private final LocalCluster cluster;
    private final ClientProgram helm;
    /** Version 4 applies on the server side. */
    private final boolean four;

    HelmWalk(LocalCluster cluster, String kubectlVersion, Path program) throws Exception {
        this.cluster = cluster;
        this.helm = new ClientProgram(cluster, program, "helm-" + kubectlVersion.replace('.', '-'));
        this.four = helm.run("version", "--short").startsWith("v4");
    }

    void run() throws Exception {
        Path chart = Files.createDirectories(helm.folder().resolve("chart/templates"));
        Files.writeString(chart.resolve("deployment.yaml"), DEPLOYMENT);
        Files.writeString(chart.resolve("service.yaml"), SERVICE);
        Files.writeString(chart.resolve("../Chart.yaml"), "apiVersion: v2\nname: web\nversion: 0.1.0\n");
        Files.writeString(chart.resolve("../values.yaml"), "replicas: 2\nversion: 1\n");

        assertThat(helm.run("install", "web", "chart", "--create-namespace", "--wait", "--timeout=60s"))
                .contains("STATUS: deployed", "REVISION: 1");
        assertThat(page()).contains("version 1");
        assertThat(helm.run("list")).containsPattern("web\\s+" + helm.namespace() + "\\s+1\\s.*deployed\\s+web-0.1.0");

        assertThat(helm.run("upgrade", "web", "chart", "--set=version=2,replicas=1", "--wait", "--timeout=60s"))
                .contains("STATUS: deployed", "REVISION: 2");
        assertThat(image()).isEqualTo("1 jollyboat/web:2");
        assertThat(managers()).contains(four ? "helm Apply" : "helm Update");
        assertThat(helm.run("rollback", "web", "1", "--wait", "--timeout=60s"))
                .contains("Rollback was a success! Happy Helming!");
        assertThat(image()).isEqualTo("2 jollyboat/web:1");
        assertThat(helm.run("history", "web").lines()).hasSize(4);

        assertThat(helm.run("uninstall", "web", "--wait")).contains("release \"web\" uninstalled");
        assertThat(cluster.kubectl("get", "deployments,services,secrets", "-n", helm.namespace()))
                .contains("No resources found");
        Answer status = helm.answer("", "status", "web");
        assertThat(status.code()).isEqualTo(1);
        assertThat(status.text()).contains("release: not found");
        cluster.kubectl("delete", "namespace", helm.namespace());
    }

    private String page() throws Exception {
        return MainJobTest.page(
                cluster.kubectl("get", "service", "web", "-n", helm.namespace(), "-o", "jsonpath={.spec.clusterIP}"));
    }

    private String managers() throws Exception {
        return cluster.kubectl(
                "get",
                "deployment",
                "web",
                "-n",
                helm.namespace(),
                "-o",
                "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation};{end}");
    }

    private String image() throws Exception {
        return cluster.kubectl(
                "get",
                "deployment",
                "web",
                "-n",
                helm.namespace(),
                "-o",
                "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}");
    }

    @Override
    public void close() throws Exception {
        helm.close();
    }
}

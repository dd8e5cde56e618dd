package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.Attach;
import io.kubernetes.client.Copy;
import io.kubernetes.client.Exec;
import io.kubernetes.client.PodLogs;
import io.kubernetes.client.PortForward;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Streams into a pod with Kubernetes' own client for Java. */
final class ClientJavaStreams implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String NAMESPACE = "client-java";
    private static final String POD = "streams";
    private static final String SHELL = "shell";

    private final ApiClient client;
    private final CoreV1Api core;
    private final String image;

    ClientJavaStreams(Path kubeconfig, String image) throws IOException {
        this.image = image;
        try (Reader config = Files.newBufferedReader(kubeconfig)) {
            client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(config)).build();
        }
        client.setReadTimeout(0); // a stream may be silent
        core = new CoreV1Api(client);
    }

    void run() throws Exception {
        core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name(NAMESPACE)))
                .execute();
        // Not before its ServiceAccount is there.
        await().atMost(LIMIT).ignoreException(ApiException.class).until(() -> {
            core.createNamespacedPod(NAMESPACE, pod()).execute();
            return true;
        });
        await().atMost(LIMIT)
                .until(() -> core.readNamespacedPod(POD, NAMESPACE).execute().getStatus().getConditions().stream()
                        .anyMatch(one ->
                                one.getType().equals("Ready") && one.getStatus().equals("True")));
        exec();
        attach();
        portForward();
        copy();
        logs();
        core.deleteNamespace(NAMESPACE).execute();
    }

    private V1Pod pod() {
        return new V1Pod()
                .metadata(new V1ObjectMeta().name(POD))
                .spec(new V1PodSpec()
                        .terminationGracePeriodSeconds(0L)
                        .containers(List.of(
                                container(SHELL, "echo started; exec cat").stdin(true),
                                container(
                                        "web",
                                        "mkdir /tmp/www; echo page > /tmp/www/index.html; exec httpd -f -p 8080 -h"
                                                + " /tmp/www"))));
    }

    private V1Container container(String name, String script) {
        return new V1Container()
                .name(name)
                .image(image)
                .imagePullPolicy("IfNotPresent")
                .command(List.of("sh", "-c", script));
    }

    private Process start(boolean stdin, boolean tty, String... command) throws Exception {
        return new Exec(client).exec(NAMESPACE, POD, command, SHELL, stdin, tty);
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private void exec() throws Exception {
        Process failing = start(false, false, "sh", "-c", "echo good; echo bad >&2; exit 3");
        // It hands out no stream after the end.
        InputStream out = failing.getInputStream();
        InputStream err = failing.getErrorStream();
        assertThat(text(out)).isEqualTo("good\n");
        assertThat(text(err)).isEqualTo("bad\n");
        assertThat(failing.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(failing.exitValue()).isEqualTo(3);
        failing.destroy();
        Process counting = start(true, false, "sh", "-c", "head -c 3000000 | wc -c");
        counting.getOutputStream().write(new byte[3_000_000]);
        counting.getOutputStream().flush();
        assertThat(text(counting.getInputStream()).strip()).isEqualTo("3000000");
        assertThat(counting.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(counting.exitValue()).isZero();
        counting.destroy();
        Process terminal = start(false, true, "sh", "-c", "test -t 1 && echo terminal");
        assertThat(text(terminal.getInputStream())).isEqualTo("terminal\r\n");
        terminal.destroy();
    }

    private void attach() throws Exception {
        try (Attach.AttachResult attached = new Attach(client)
                .newConnectionBuilder(NAMESPACE, POD)
                .setContainer(SHELL)
                .setStdin(true)
                .setStdout(true)
                .connect()) {
            byte[] said = "to the main process\n".getBytes(StandardCharsets.UTF_8);
            attached.getStandardInputStream().write(said);
            attached.getStandardInputStream().flush();
            assertThat(attached.getStandardOutputStream().readNBytes(said.length))
                    .isEqualTo(said);
        }
    }

    private void portForward() throws Exception {
        try (PortForward.PortForwardResult forward = new PortForward(client).forward(NAMESPACE, POD, List.of(8080))) {
            forward.getOutboundStream(8080)
                    .write("GET / HTTP/1.0\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            forward.getOutboundStream(8080).flush();
            InputStream in = forward.getInputStream(8080);
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith("\r\n\r\npage\n")) {
                int next = in.read();
                assertThat(next).as(answer.toString()).isNotNegative();
                answer.append((char) next);
            }
            assertThat(answer).startsWith("HTTP/1.");
        }
    }

    private void copy() throws Exception {
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 256);
        }
        Copy copy = new Copy(client);
        copy.copyFileToPod(NAMESPACE, POD, SHELL, content, Path.of("/tmp/letter"));
        try (InputStream back = copy.copyFileFromPod(NAMESPACE, POD, SHELL, "/tmp/letter")) {
            assertThat(back.readAllBytes()).isEqualTo(content);
        }
    }

    private void logs() throws Exception {
        try (InputStream log = new PodLogs(client).streamNamespacedPodLog(NAMESPACE, POD, SHELL)) {
            assertThat(new String(log.readNBytes(8), StandardCharsets.UTF_8)).isEqualTo("started\n");
        }
    }

    @Override
    public void close() {
        client.getHttpClient().dispatcher().cancelAll();
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
    }
}

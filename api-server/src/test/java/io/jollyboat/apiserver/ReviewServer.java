package io.jollyboat.apiserver;

import io.jollyboat.apiserver.webhook.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An HTTPS server that reviews are posted to, and the kubeconfig that leads there. */
final class ReviewServer implements AutoCloseable {
    private final LoopbackServer server;
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final List<String> credentials = new CopyOnWriteArrayList<>();

    /** The status of the answer; null to fail with the code. */
    private volatile Function<JsonNode, ObjectNode> answers = review -> null;

    private volatile int code = 500;

    ReviewServer() throws IOException {
        server = LoopbackServer.https(List.of("127.0.0.1"), this::review);
    }

    private boolean review(LoopbackServer.Request request, OutputStream out) throws IOException {
        JsonNode review = RestClient.JSON.readTree(request.body());
        asked.add(review);
        credentials.add(String.valueOf(request.headers().get("authorization")));
        ObjectNode status = answers.apply(review);
        return status == null
                ? LoopbackServer.reply(out, code, "text/plain", "broken")
                : LoopbackServer.reply(
                        out,
                        200,
                        "application/json",
                        ((ObjectNode) review.deepCopy()).set("status", status).toString());
    }

    void answer(Function<JsonNode, ObjectNode> with) {
        answers = with;
    }

    void fail(int with) {
        code = with;
        answers = review -> null;
    }

    List<JsonNode> asked() {
        return asked;
    }

    List<String> credentials() {
        return credentials;
    }

    /** @param user of the kubeconfig, in YAML's flow form */
    Path kubeconfig(Path folder, String user) throws IOException {
        return Files.writeString(
                folder.resolve("reviewer-" + server.port() + ".yaml"),
                "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
                        + "contexts: [{name: here, context: {cluster: reviewer, user: server}}]\n"
                        + "clusters: [{name: reviewer, cluster: {server: \"https://127.0.0.1:" + server.port()
                        + "/review\", certificate-authority-data: " + server.caBundle() + "}}]\n"
                        + "users: [{name: server, user: " + user + "}]\n");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

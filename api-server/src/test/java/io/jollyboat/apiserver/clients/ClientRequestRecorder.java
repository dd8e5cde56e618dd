package io.jollyboat.apiserver.clients;

import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the recorded answers anew: run by hand against an upstream API server without controllers and nodes.
 * Arguments: its URL, its authorities' certificate, an administrator's certificate and key, the file to write.
 */
final class ClientRequestRecorder {
    private ClientRequestRecorder() {}

    public static void main(String[] args) throws Exception {
        ClientRequestReplay replay = new ClientRequestReplay(
                args[0], new TlsContexts(new TlsFiles(Path.of(args[2]), Path.of(args[3]), Path.of(args[1]))).jdk());
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, ClientRequest> request :
                ClientRequestsTest.requests().entrySet()) {
            lines.add(JsonMapper.builder()
                    .build()
                    .writeValueAsString(
                            Map.of("request", request.getKey(), "answer", answer(replay, request.getValue()))));
        }
        Files.write(Path.of(args[4]), lines);
    }

    /**
     * On an etcd before 3.5 upstream refuses bookmarks in a watch from nowhere; with a later one it sends the same events
     * as without, and after the initial ones a bookmark where they were asked for.
     */
    private static Map<String, String> answer(ClientRequestReplay replay, ClientRequest request) throws IOException {
        if (!request.watches() || request.query().contains("resourceVersion=")) {
            return replay.answer(request);
        }
        Map<String, String> answer = replay.answer(request.withoutInitialEvents());
        if (request.query().contains("sendInitialEvents"))
            answer.compute("events", (name, events) -> events + ", " + events.replace("ADDED", "BOOKMARK"));
        return answer;
    }
}

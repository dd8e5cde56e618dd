package io.jollyboat.apiserver.discovery;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** What {@code /version} answers: the Kubernetes version whose API is served. */
public final class ServerVersion {
    public static final String GIT_VERSION = "v1.36.2+jollyboat";

    private ServerVersion() {}

    public static byte[] json() {
        JsonMapper json = JsonMapper.builder().build();
        String text = json.writerWithDefaultPrettyPrinter()
                .writeValueAsString(json.createObjectNode()
                        .put("major", "1")
                        .put("minor", "36")
                        .put("emulationMajor", "1")
                        .put("emulationMinor", "36")
                        .put("minCompatibilityMajor", "1")
                        .put("minCompatibilityMinor", "35")
                        .put("gitVersion", GIT_VERSION)
                        .put("gitCommit", "")
                        .put("gitTreeState", "")
                        .put("buildDate", "")
                        // Clients expect the fields; there is no Go here.
                        .put("goVersion", "java" + Runtime.version().feature())
                        .put("compiler", "javac")
                        .put(
                                "platform",
                                "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64")));
        // As every Go program writes it.
        return text.replace("\" : ", "\": ").getBytes(StandardCharsets.UTF_8);
    }
}

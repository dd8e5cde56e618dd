package io.jollyboat.apiserver.discovery;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code /version} answers: the Kubernetes version whose API is served. */
public final class ServerVersion {
    public static final String GIT_VERSION = "v1.36.2+jollyboat";

    /** As OpenAPI documents name it. */
    public static final String API_VERSION = "1.36";

    private ServerVersion() {}

    /** The fields by name, and whether they are always there. */
    public static final Map<String, Boolean> FIELDS = fields();

    private static Map<String, Boolean> fields() {
        Map<String, Boolean> fields = new LinkedHashMap<>();
        for (String name : tree(JsonMapper.builder().build()).propertyNames()) {
            fields.put(name, !name.startsWith("emulation") && !name.startsWith("minCompatibility"));
        }
        return Collections.unmodifiableMap(fields);
    }

    public static byte[] json() {
        JsonMapper json = JsonMapper.builder().build();
        String text = json.writerWithDefaultPrettyPrinter().writeValueAsString(tree(json));
        // As every Go program writes it.
        return text.replace("\" : ", "\": ").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode tree(JsonMapper json) {
        return json.createObjectNode()
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
                .put("platform", "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64"));
    }
}

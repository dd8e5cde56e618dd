package io.jollyboat.apiserver.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.defaults.Defaults;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** New objects as they were sent to an upstream server are refused with its words, or accepted. */
final class UpstreamValidationTest {
    private static final Pattern REPEAT = Pattern.compile("<repeat:(.):(\\d+)>");
    private static final Pattern PATH =
            Pattern.compile("/(?:api|apis/([^/]+))/([^/?]+)(?:/namespaces/([^/?]+))?/([a-z]+)(?:\\?.*)?");
    /** How many of the recorded requests may be answered otherwise; what they are is printed. */
    private static final int KNOWN_DIFFERENCES = 60;

    @Test
    void newObjects() {
        List<String> wrong = new ArrayList<>();
        Map<String, int[]> counts = new TreeMap<>();
        for (JsonNode line : Facts.lines("validation.jsonl")) {
            Matcher path = PATH.matcher(line.get("path").asString());
            boolean create = line.get("id").asString().startsWith("create/")
                    && line.get("method").asString().equals("POST")
                    && line.get("body").isObject()
                    && path.matches();
            Optional<ResourceType<?>> type = create
                    ? Kinds.builtIn()
                            .byResource(path.group(1) == null ? "" : path.group(1), path.group(2), path.group(4))
                    : Optional.empty();
            if (type.isEmpty() || !Validators.has(type.get())) {
                continue;
            }
            int code = line.get("code").asInt();
            if (code != 422 && code != 201) {
                continue;
            }
            String expected = code == 201
                    ? ""
                    : expand(line.get("response").get("message").asString());
            String actual = answer(type.get(), expand(line.get("body").toString()), path.group(3));
            int[] count = counts.computeIfAbsent(type.get().plural(), key -> new int[2]);
            count[0]++;
            if (actual.equals(expected)) {
                count[1]++;
            } else {
                wrong.add(line.get("id").asString() + "\n  upstream " + expected + "\n  ours     " + actual);
            }
        }
        StringBuilder report = new StringBuilder();
        int all = 0;
        for (Map.Entry<String, int[]> entry : counts.entrySet()) {
            all += entry.getValue()[0];
            report.append(entry.getKey() + " " + entry.getValue()[1] + "/" + entry.getValue()[0] + " ");
        }
        String text = "equal " + (all - wrong.size()) + " of " + all + ": " + report;
        System.out.println(text);
        assertThat(wrong).as(text + "\n" + String.join("\n", wrong)).hasSizeLessThanOrEqualTo(KNOWN_DIFFERENCES);
        assertThat(all).isGreaterThan(300);
    }

    private static String answer(ResourceType<?> type, String body, String namespace) {
        try {
            Message decoded = JsonCodec.decode(
                            body.getBytes(StandardCharsets.UTF_8), (Message) type.prototype(), Strictness.IGNORE)
                    .message();
            ObjectMeta.Builder meta = type.meta(decoded).toBuilder();
            if (namespace != null) {
                meta.setNamespace(namespace);
            }
            Message object = Defaults.apply((Message) type.withMeta(decoded, meta.build()));
            List<FieldError> errors = Validators.validateCreate(type, object);
            return errors.isEmpty()
                    ? ""
                    : ApiException.invalid(type, meta.getName(), errors).getMessage();
        } catch (DecodeException e) {
            return e.getMessage();
        }
    }

    private static String expand(String text) {
        return REPEAT.matcher(text).replaceAll(found -> found.group(1).repeat(Integer.parseInt(found.group(2))));
    }
}

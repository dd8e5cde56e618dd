package io.jollyboat.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CustomJsonTest {
    private static Decoded<CustomObject> decode(String json, Strictness strictness) {
        return JsonCodec.decode(json.getBytes(UTF_8), CustomObject.getDefaultInstance(), strictness);
    }

    private static CustomObject decode(String json) {
        return decode(json, Strictness.STRICT).message();
    }

    private static String encode(CustomObject object) {
        return new String(JsonCodec.encode(object, "example.com/v1", "Widget"), UTF_8);
    }

    @Test
    void membersStandInOrderOfTheirNames() {
        Decoded<CustomObject> decoded = decode("""
                {"spec": {"b": 1, "a": [true, null, "x"]}, "kind": "Widget", "zeta": {}, "apiVersion": "example.com/v1",
                 "data": "<&>", "metadata": {"name": "w", "annotations": {"z": "1", "a": "2"}, "generation": 3}}""", Strictness.STRICT);

        assertThat(decoded.apiVersion()).isEqualTo("example.com/v1");
        assertThat(decoded.kind()).isEqualTo("Widget");
        assertThat(decoded.message().getContent().toStringUtf8())
                .isEqualTo(
                        "{\"data\":\"\\u003c\\u0026\\u003e\",\"spec\":{\"a\":[true,null,\"x\"],\"b\":1},\"zeta\":{}}");
        assertThat(encode(decoded.message()))
                .isEqualTo("{\"apiVersion\":\"example.com/v1\",\"data\":\"\\u003c\\u0026\\u003e\",\"kind\":\"Widget\","
                        + "\"metadata\":{\"annotations\":{\"a\":\"2\",\"z\":\"1\"},\"generation\":3,\"name\":\"w\"},"
                        + "\"spec\":{\"a\":[true,null,\"x\"],\"b\":1},\"zeta\":{}}");
    }

    @Test
    void nestedMetadataIsSortedToo() {
        String json = "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"creationTimestamp\":"
                + "\"2024-01-02T03:04:05Z\",\"finalizers\":[\"b\",\"a\"],\"managedFields\":[{\"apiVersion\":\"v1\","
                + "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{}},\"manager\":\"m\",\"operation\":\"Update\"}],"
                + "\"name\":\"w\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":\"u\"}]}}";

        assertThat(encode(decode(json))).isEqualTo(json);
    }

    @Test
    void typeAndKindAreLeftOutWithinAnother() {
        CustomObject object = decode("{\"metadata\":{\"name\":\"w\"},\"a\":1}");

        assertThat(new String(JsonCodec.encode(object, null, null), UTF_8))
                .isEqualTo("{\"a\":1,\"metadata\":{\"name\":\"w\"}}");
        assertThat(encode(CustomObject.getDefaultInstance()))
                .isEqualTo("{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{}}");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.0, 1",
        "-0, 0",
        "0.5, 0.5",
        "1e3, 1000",
        "1e21, 1e+21",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "9223372036854775808, 9223372036854776000",
        "123456789012345678901234567890, 1.2345678901234568e+29",
        "1E-7, 1e-7"
    })
    void numbersAreAsGoPrintsThem(String number, String expected) {
        CustomObject object = decode("{\"n\":" + number + ",\"s\":\"1.0\"}");
        assertThat(new String(JsonCodec.encode(object, null, null), UTF_8))
                .isEqualTo("{\"metadata\":{},\"n\":" + expected + ",\"s\":\"1.0\"}");
        JsonNode kept = CustomContent.tree(object).get("n");
        assertThat(kept.isIntegralNumber())
                .isEqualTo(number.matches("-?\\d{1,19}") && !number.equals("9223372036854775808"));
    }

    @Test
    void ofEqualKeysTheLastCounts() {
        String json = "{\"spec\":{\"b\":1,\"a\":{\"x\":1},\"a\":{\"y\":2}},\"spec2\":1}";

        assertThat(decode(json, Strictness.IGNORE).message().getContent().toStringUtf8())
                .isEqualTo("{\"spec\":{\"a\":{\"y\":2},\"b\":1},\"spec2\":1}");
        assertThat(decode(json, Strictness.WARN).warnings()).containsExactly("duplicate field \"spec.a\"");
        assertThatThrownBy(() -> decode(json, Strictness.STRICT))
                .hasMessage("strict decoding error: duplicate field \"spec.a\"");
    }

    @Test
    void metadataIsTyped() {
        assertThat(decode("{\"metadata\":{\"name\":\"w\",\"foo\":1,\"kind\":\"x\"}}", Strictness.WARN)
                        .warnings())
                .containsExactly("unknown field \"metadata.foo\"", "unknown field \"metadata.kind\"");
        assertThatThrownBy(() -> decode("{\"metadata\":{\"labels\":{\"a\":1}}}"))
                .hasMessage("json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string");
        assertThat(decode("{\"metadata\":{\"labels\":{\"a\":\"1\"},\"labels\":{\"b\":\"2\"}}}", Strictness.IGNORE)
                        .message()
                        .getMetadata()
                        .getLabelsMap())
                .containsOnlyKeys("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | json: cannot unmarshal array into Go value of type map[string]interface {}",
                "{\"a\":} | invalid character '}' looking for beginning of value",
                "{\"a\":1e999} | json: cannot unmarshal number 1e999 into Go value of type float64",
                "{\"a\":1} x | invalid character 'x' after top-level value"
            })
    void whatIsNoObjectIsRefused(String json, String message) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(DecodeException.class)
                .hasMessage(message);
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(600) + "]".repeat(600);

        assertThatThrownBy(() -> decode("{\"a\":" + deep + "}")).hasMessage("exceeded max depth");
    }

    @Test
    void treesAndMessagesAreTheSame() {
        CustomObject object = decode("{\"metadata\":{\"name\":\"w\"},\"spec\":{\"size\":2.5,\"big\":12345678901}}");
        JsonNode tree = JsonCodec.toTree(object, "example.com/v1", "Widget");

        assertThat(JsonCodec.decode(tree, CustomObject.getDefaultInstance(), Strictness.STRICT)
                        .message())
                .isEqualTo(object);
        ObjectNode content = CustomContent.tree(object);
        ((ObjectNode) content.get("spec")).put("size", 3.0).put("about", "é\u2028");
        assertThat(CustomContent.with(object, content).getContent().toStringUtf8())
                .isEqualTo("{\"spec\":{\"about\":\"é\\u2028\",\"big\":12345678901,\"size\":3.0}}");
        assertThat(CustomContent.tree(CustomObject.newBuilder()
                                .setMetadata(ObjectMeta.newBuilder().setName("x"))
                                .build())
                        .size())
                .isZero();
    }
}

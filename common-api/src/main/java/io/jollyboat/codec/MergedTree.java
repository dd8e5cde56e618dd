package io.jollyboat.codec;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON whose fields occur more than once, as Go reads it: objects are merged, of other values the last one counts.
 */
final class MergedTree {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private MergedTree() {}

    /** @param json well-formed */
    static JsonNode read(byte[] json) {
        // As text: bytes that are no UTF-8 are replaced, as Go does.
        try (JsonParser parser = MAPPER.createParser(new String(json, StandardCharsets.UTF_8))) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static JsonNode value(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            ObjectNode object = MAPPER.createObjectNode();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                put(object, name, value(parser));
            }
            return object;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            ArrayNode array = MAPPER.createArrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return parser.readValueAsTree();
    }

    private static void put(ObjectNode object, String name, JsonNode value) {
        if (object.get(name) instanceof ObjectNode before && value instanceof ObjectNode after) {
            after.properties().forEach(field -> put(before, field.getKey(), field.getValue()));
        } else {
            object.set(name, value);
        }
    }
}

package io.jollyboat.cel;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values as JSON trees. */
final class JsonResults {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonResults() {}

    static JsonNode of(Object value) {
        return switch (value) {
            case JsonBacked backed -> backed.json();
            case JsonNode node -> node;
            case Boolean b -> NODES.booleanNode(b);
            case Long l -> NODES.numberNode(l);
            case UnsignedLong u -> NODES.numberNode(u.bigIntegerValue());
            case Double d -> NODES.numberNode(d);
            case String s -> NODES.stringNode(s);
            case ByteString b -> NODES.stringNode(Base64.getEncoder().encodeToString(b.toByteArray()));
            case Instant t -> NODES.stringNode(TimeFunctions.text(t));
            case Duration d -> NODES.stringNode(TimeFunctions.text(d));
            case Null n -> NODES.nullNode();
            case Optional<?> o when o.isPresent() -> of(o.get());
            case Optional<?> o -> NODES.nullNode();
            case List<?> list -> array(list);
            case Map<?, ?> map -> object(map);
            default -> throw new EvalError("unsupported conversion of " + Values.typeName(value) + " to JSON");
        };
    }

    private static ArrayNode array(List<?> list) {
        ArrayNode array = NODES.arrayNode(list.size());
        list.forEach(element -> array.add(of(element)));
        return array;
    }

    private static ObjectNode object(Map<?, ?> map) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new EvalError("unsupported map key of type " + Values.typeName(entry.getKey()));
            }
            object.set(name, of(entry.getValue()));
        }
        return object;
    }
}

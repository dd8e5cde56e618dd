package io.jollyboat.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Composes a YAML document into a JSON tree. */
final class YamlReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = CanonicalJson.MAX_DEPTH;
    /** Nodes that aliases may add: a manifest needs a few, a bomb millions. */
    private static final int MAX_ALIASED = 100_000;

    private record Anchored(JsonNode node, int size) {}

    private final byte[] yaml;
    private final List<String> duplicates;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private Iterator<Event> events;
    private int nodes;
    private int aliased;
    private int depth;

    /** @param duplicates takes a text for each key that occurs twice */
    YamlReader(byte[] yaml, List<String> duplicates) {
        this.yaml = yaml;
        this.duplicates = duplicates;
    }

    JsonNode read() {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setUseMarks(true)
                .build();
        try {
            events = new Parse(settings)
                    .parseInputStream(new java.io.ByteArrayInputStream(yaml))
                    .iterator();
            events.next();
            if (events.next().getEventId() == Event.ID.StreamEnd) {
                return NODES.nullNode();
            }
            return node(events.next());
        } catch (MarkedYamlEngineException e) {
            throw DecodeException.syntax("yaml: " + line(e) + text(e));
        } catch (YamlEngineException e) {
            throw DecodeException.syntax("yaml: " + e.getMessage());
        }
    }

    /** As go-yaml counts: not for the first line, and one more for the scanner. */
    private static String line(MarkedYamlEngineException e) {
        int line = e.getProblemMark().map(Mark::getLine).orElse(0);
        if (e.getProblem().contains("'<stream end>'")) {
            return "line " + (line + 1) + ": ";
        }
        return line == 0 ? "" : "line " + (line + (e instanceof ScannerException ? 1 : 0)) + ": ";
    }

    private static String text(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        if (problem.startsWith("expected the node content")) {
            return "did not find expected node content";
        }
        return problem.startsWith("mapping values are not allowed")
                ? "mapping values are not allowed in this context"
                : problem;
    }

    private JsonNode node(Event event) {
        if (++depth > MAX_DEPTH) {
            throw DecodeException.syntax("yaml: exceeded max depth of " + MAX_DEPTH);
        }
        int before = nodes++;
        JsonNode node;
        Optional<String> anchor = Optional.empty();
        if (event instanceof AliasEvent alias) {
            node = alias(alias.getAlias().getValue());
        } else if (event instanceof ScalarEvent scalar) {
            anchor = scalar.getAnchor().map(name -> name.getValue());
            node = YamlScalars.resolve(scalar);
        } else if (event instanceof SequenceStartEvent sequence) {
            anchor = sequence.getAnchor().map(name -> name.getValue());
            node = sequence();
        } else if (event instanceof MappingStartEvent mapping) {
            anchor = mapping.getAnchor().map(name -> name.getValue());
            node = mapping();
        } else {
            throw DecodeException.syntax("yaml: unexpected " + event.getEventId());
        }
        int size = nodes - before;
        anchor.ifPresent(name -> anchors.put(name, new Anchored(node, size)));
        depth--;
        return node;
    }

    private JsonNode alias(String name) {
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            throw DecodeException.syntax("yaml: unknown anchor '" + name + "' referenced");
        }
        nodes += anchored.size;
        aliased += anchored.size;
        if (aliased > MAX_ALIASED) {
            throw DecodeException.syntax("yaml: document contains excessive aliasing");
        }
        return anchored.node;
    }

    private JsonNode sequence() {
        ArrayNode array = NODES.arrayNode();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            array.add(node(event));
        }
        return array;
    }

    private JsonNode mapping() {
        ObjectNode object = NODES.objectNode();
        List<JsonNode> merged = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
            boolean merge = event instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && scalar.getValue().equals("<<");
            String key = merge ? "<<" : key(node(event));
            JsonNode value = node(events.next());
            if (merge) {
                merged.add(value);
            } else if (object.has(key)) {
                duplicates.add("line " + line + ": key \"" + key + "\" already set in map");
                object.set(key, value);
            } else {
                object.set(key, value);
            }
        }
        for (JsonNode source : merged) {
            merge(object, source);
        }
        return object;
    }

    private static void merge(ObjectNode object, JsonNode source) {
        if (source.isArray()) {
            source.forEach(element -> merge(object, element));
        } else if (source.isObject()) {
            source.properties().forEach(entry -> {
                if (!object.has(entry.getKey())) {
                    object.set(entry.getKey(), entry.getValue());
                }
            });
        } else {
            throw DecodeException.syntax("yaml: map merge requires map or sequence of maps as the value");
        }
    }

    private static String key(JsonNode key) {
        if (key.isContainer() || key.isNull()) {
            throw DecodeException.syntax("unsupported map key of type: " + key.getNodeType());
        }
        return key.asString();
    }
}

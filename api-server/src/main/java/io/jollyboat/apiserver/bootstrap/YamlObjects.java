package io.jollyboat.apiserver.bootstrap;

import com.google.protobuf.Message;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads the objects that lie beside this class. */
final class YamlObjects {
    private static final ObjectReader YAML = new YAMLMapper().readerFor(JsonNode.class);

    private YamlObjects() {}

    /** All objects of a file, which are of one type. */
    static <T extends Message> List<T> read(String file, ResourceType<T> type) {
        List<T> objects = new ArrayList<>();
        try (InputStream stream = YamlObjects.class.getResourceAsStream(file);
                MappingIterator<JsonNode> documents = YAML.readValues(stream)) {
            while (documents.hasNext()) {
                objects.add(JsonCodec.decode(documents.next(), type.prototype(), Strictness.STRICT)
                        .message());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the file is part of this program: " + file, e);
        }
        return objects;
    }
}

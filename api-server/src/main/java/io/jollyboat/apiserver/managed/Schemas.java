package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.kinds.ResourceType;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The schemas of all resources. Thread-safe. */
public final class Schemas {
    private final ConcurrentMap<ResourceType<?>, ObjectSchema> known = new ConcurrentHashMap<>();
    private final BiFunction<ResourceType<?>, String, Optional<ResourceType<?>>> versions;
    private final ObjectSchema.Converter converter;
    private final Function<ResourceType<?>, CustomType> customTypes;

    /** What the definition of a custom resource says of its objects' fields; made by {@link CustomType#of}. */
    public static final class CustomType {
        private final FieldType type;

        private CustomType(FieldType type) {
            this.type = type;
        }

        /** @param schema JSONSchemaProps of the version as JSON; null for none */
        public static CustomType of(tools.jackson.databind.JsonNode schema) {
            return new CustomType(SchemaTypes.object(schema));
        }
    }

    /**
     * @param versions the resource of the same kind and storage in another apiVersion
     * @param customTypes of a custom resource's version; null for a resource that is declared in protobuf
     */
    public Schemas(
            BiFunction<ResourceType<?>, String, Optional<ResourceType<?>>> versions,
            ObjectSchema.Converter converter,
            Function<ResourceType<?>, CustomType> customTypes) {
        this.versions = versions;
        this.converter = converter;
        this.customTypes = customTypes;
    }

    public ObjectSchema of(ResourceType<?> resource) {
        ObjectSchema schema = known.get(resource);
        if (schema != null) {
            return schema;
        }
        CustomType custom = customTypes.apply(resource);
        Function<String, ObjectSchema> others =
                version -> versions.apply(resource, version).map(this::of).orElse(null);
        if (custom != null) {
            // Definitions change: who looks it up keeps it.
            return new TreeSchema(resource, custom.type, others, converter);
        }
        schema = new MessageSchema(resource, others, converter);
        known.put(resource, schema);
        return schema;
    }

    /** Of the scale subresource's body. */
    public static ObjectSchema scale() {
        return ScaleBody.SCHEMA;
    }

    /** Of a subresource's body. */
    public static ObjectSchema body(String apiVersion, String kind, Message prototype) {
        return prototype instanceof Scale ? scale() : new BodySchema(apiVersion, kind, prototype);
    }

    private static final class ScaleBody {
        private static final ObjectSchema SCHEMA =
                new BodySchema("autoscaling/v1", "Scale", Scale.getDefaultInstance());
    }
}

package io.jollyboat.apiserver.managed;

import com.google.protobuf.Message;
import io.jollyboat.kinds.ResourceType;
import java.util.function.Function;

/** A version of a resource, which may have others. */
abstract sealed class ResourceSchema extends ObjectSchema permits MessageSchema, TreeSchema {
    private final ResourceType<?> resource;
    private final Function<String, ObjectSchema> versions;
    private final Converter converter;

    ResourceSchema(ResourceType<?> resource, Function<String, ObjectSchema> versions, Converter converter) {
        super(resource.apiVersion(), resource.kind(), resource.prototype());
        this.resource = resource;
        this.versions = versions;
        this.converter = converter;
    }

    final ResourceType<?> resource() {
        return resource;
    }

    @Override
    final ObjectSchema inVersion(String apiVersion) {
        return apiVersion.equals(apiVersion()) ? this : versions.apply(apiVersion);
    }

    @Override
    final Message converted(Message object, ObjectSchema to) {
        return to == this ? object : converter.convert(resource, object, ((ResourceSchema) to).resource);
    }

    @Override
    FieldFilter filter(String subresource) {
        return ResetFields.of(resource.qualifiedResource(), subresource);
    }
}

package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.api.policy.v1.Eviction;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** What requests and answers of a resource contain. */
record ResourceBodies(ResourceType<?> type, Schemas schemas) {
    /** In which the kinds of subresources are declared. */
    private static final List<Descriptor> NEIGHBOURS =
            List.of(Pod.getDescriptor(), Scale.getDescriptor(), Eviction.getDescriptor(), TokenRequest.getDescriptor());

    Supplier<ObjectNode> own() {
        return type.isCustom()
                ? () -> schemas.custom(type, false)
                : () -> schemas.reference(type.prototype().getDescriptorForType());
    }

    ObjectNode list() {
        return type.isCustom()
                ? schemas.custom(type, true)
                : schemas.reference(
                        type.prototype().getDescriptorForType().getFile().findMessageTypeByName(type.kind() + "List"));
    }

    /** The kind itself, or one of its own. */
    Supplier<ObjectNode> of(Subresource subresource) {
        return subresource.getKind().isEmpty() ? own() : () -> schemas.reference(descriptor(subresource));
    }

    String kind(Subresource subresource) {
        return subresource.getKind().isEmpty()
                ? type.kind()
                : descriptor(subresource).getName();
    }

    /** Whether something else than an object is asked for there. */
    boolean isConnection(Subresource subresource) {
        return subresource.getKind().endsWith("Options");
    }

    Descriptor descriptor(Subresource subresource) {
        String full = subresource.getKind();
        String name = full.substring(full.lastIndexOf('.') + 1);
        Stream<Optional<Descriptor>> found = NEIGHBOURS.stream()
                .map(neighbour -> Optional.ofNullable(neighbour.getFile().findMessageTypeByName(name)));
        return found.flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no message is declared for " + full));
    }
}

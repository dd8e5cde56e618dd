package io.jollyboat.apiserver.custom;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.schema.CustomSchema;
import io.jollyboat.apiserver.validation.CustomMetadata;
import io.jollyboat.codec.CustomContent;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** What the schema of a custom resource does to objects in requests. */
public final class CustomRules {
    private static final Set<String> STANDARD_FINALIZERS = Set.of("orphan", "foregroundDeletion", "kubernetes");

    private CustomRules() {}

    /**
     * The object of a request without what its schema does not know.
     *
     * @param unknown takes the paths of the fields that went
     */
    public static CustomObject pruned(ResourceType<?> type, CustomObject object, Consumer<String> unknown) {
        CustomVersion version = CustomVersion.of(type);
        if (!version.prunes()) {
            return object;
        }
        ObjectNode content = CustomContent.tree(object);
        version.schema().prune(content).forEach(unknown);
        return CustomContent.with(object, content);
    }

    /** The object with the schema's defaults where it says nothing. */
    public static CustomObject withDefaults(ResourceType<?> type, CustomObject object) {
        ObjectNode content = CustomContent.tree(object);
        CustomVersion.of(type).schema().applyDefaults(content);
        return CustomContent.with(object, content);
    }

    /** What is wrong with a new object. */
    public static List<FieldError> onCreate(ResourceType<?> type, CustomObject object) {
        CustomVersion version = CustomVersion.of(type);
        ObjectNode whole = whole(type, object);
        List<FieldError> errors = new ArrayList<>(CustomMetadata.onCreate(object.getMetadata(), type.namespaced()));
        errors.addAll(version.schema().validateValues(whole, null));
        version.scale().ifPresent(scale -> errors.addAll(scale.check(whole, false)));
        errors.addAll(version.schema().validateEmbedded(whole));
        errors.addAll(version.schema().validateLists(whole, null));
        errors.addAll(version.schema().validateRules(whole, null, errors));
        return errors;
    }

    /** What is wrong with a changed object. */
    public static List<FieldError> onUpdate(
            ResourceType<?> type, CustomObject object, CustomObject old, String subresource) {
        CustomVersion version = CustomVersion.of(type);
        CustomSchema schema = version.schema();
        boolean status = subresource.equals("status");
        ObjectNode whole = whole(type, object);
        ObjectNode before = whole(type, old);
        List<FieldError> errors = new ArrayList<>(CustomMetadata.onUpdate(object.getMetadata(), old.getMetadata()));
        errors.addAll(status ? schema.validateStatusValues(whole, before) : schema.validateValues(whole, before));
        version.scale().ifPresent(scale -> errors.addAll(scale.check(whole, status)));
        if (!status) {
            errors.addAll(schema.validateEmbedded(whole));
        }
        errors.addAll(schema.validateLists(whole, before));
        errors.addAll(schema.validateRules(whole, before, errors));
        return errors;
    }

    private static ObjectNode whole(ResourceType<?> type, CustomObject object) {
        return CustomContent.whole(object, type.apiVersion(), type.kind());
    }

    /** @param old null for a new object */
    public static List<String> warnings(CustomObject object, CustomObject old) {
        TreeSet<String> added = new TreeSet<>(object.getMetadata().getFinalizersList());
        if (old != null) {
            old.getMetadata().getFinalizersList().forEach(added::remove);
        }
        List<String> warnings = new ArrayList<>();
        for (String finalizer : added) {
            String head = "metadata.finalizers: \"" + finalizer + "\": ";
            Names.qualifiedName(finalizer).forEach(problem -> warnings.add(head + problem));
            if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
                warnings.add(head + "prefer a domain-qualified finalizer name "
                        + (finalizer.contains(".") ? "including a path (/) " : "")
                        + "to avoid accidental conflicts with other finalizer writers");
            }
        }
        return warnings;
    }
}

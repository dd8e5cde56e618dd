package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of a custom resource's version, made ready for use. The steps of a request, in upstream's order: {@link
 * #prune}, {@link #applyDefaults}, then {@link #validateValues}, {@link #validateEmbedded}, {@link #validateLists} and
 * {@link #validateRules}.
 */
public final class CustomSchema {
    private static final String UNCHECKED = "some validation rules were not checked because the object was invalid;"
            + " correct the existing errors to complete validation";

    private static final Set<FieldError.Type> BLOCKING = Set.of(
            FieldError.Type.NOT_SUPPORTED,
            FieldError.Type.REQUIRED,
            FieldError.Type.TOO_LONG,
            FieldError.Type.TOO_MANY,
            FieldError.Type.TYPE_INVALID);

    private final SchemaNode root;
    private final MetadataRules metadata;

    /** Null where the schema has no rules. */
    private final LazyRules rules;

    private CustomSchema(SchemaNode root, MetadataRules metadata, LazyRules rules) {
        this.root = root;
        this.metadata = metadata;
        this.rules = rules;
    }

    /** @param metadata the rules for the metadata of objects within objects */
    public static CustomSchema of(JSONSchemaProps schema, MetadataRules metadata) {
        return new CustomSchema(
                new SchemaCompiler(false).compile(schema),
                metadata,
                RuleNode.hasRules(schema) ? new LazyRules(schema) : null);
    }

    /**
     * Removes, in a request's object, unknown fields and nulls that are none, and gives embedded objects' metadata its
     * form.
     *
     * @return the paths of unknown fields, without those of the object's own metadata
     * @throws DecodeException where an embedded object's metadata has a wrong type; the text is upstream's
     */
    public List<String> prune(ObjectNode object) {
        return prune(object, false);
    }

    /** As {@link #prune}, of an object that comes from storage: what has a wrong type in metadata is left out. */
    public void pruneStored(ObjectNode object) {
        prune(object, true);
    }

    private List<String> prune(ObjectNode object, boolean stored) {
        List<String> unknown = Pruner.prune(object, root, true);
        Defaulter.dropNulls(object, root);
        List<String> ofMetadata = EmbeddedObjects.coerce(object, root, stored);
        if (!ofMetadata.isEmpty()) {
            unknown.addAll(ofMetadata);
        }
        return unknown;
    }

    /** Fills in defaults, in objects of requests and from storage alike. */
    public void applyDefaults(ObjectNode object) {
        Defaulter.fill(object, root);
    }

    /** All that is wrong with an object, apart from its own metadata. */
    public List<FieldError> validate(ObjectNode object, ObjectNode oldOrNull) {
        List<FieldError> errors = new ArrayList<>(validateValues(object, oldOrNull));
        errors.addAll(validateEmbedded(object));
        errors.addAll(validateLists(object, oldOrNull));
        errors.addAll(validateRules(object, oldOrNull, errors));
        return errors;
    }

    /**
     * Values against the schema.
     *
     * @param oldOrNull the object before an update, whose unchanged parts may stay as wrong as they are
     */
    public List<FieldError> validateValues(ObjectNode object, ObjectNode oldOrNull) {
        return ValueValidator.validate(
                object, root, "", oldOrNull == null ? null : new Correlation(object, oldOrNull, root));
    }

    /** The same for an update of the status alone. */
    public List<FieldError> validateStatusValues(ObjectNode object, ObjectNode old) {
        JsonNode status = object.get("status");
        SchemaNode schema = root.shape.properties().get("status");
        if (status == null || schema == null) {
            return List.of();
        }
        Correlation correlation = new Correlation(object, old, root).field("status");
        return ValueValidator.validate(
                status,
                schema,
                "status",
                correlation != null
                        ? correlation
                        : new Correlation(status, JsonNodeFactory.instance.nullNode(), schema));
    }

    /** The type and metadata of embedded objects; not of concern to an update of the status. */
    public List<FieldError> validateEmbedded(ObjectNode object) {
        return EmbeddedObjects.validate(object, root, "", root.shape.embedded(), metadata);
    }

    /** Lists that may hold nothing twice; those that did before an update still may. */
    public List<FieldError> validateLists(ObjectNode object, ObjectNode oldOrNull) {
        if (!root.hasLists) {
            return List.of();
        }
        List<FieldError> twice = ListRules.check(object, root);
        boolean before = !twice.isEmpty()
                && oldOrNull != null
                && !ListRules.check(oldOrNull, root).isEmpty();
        return before ? List.of() : twice;
    }

    /**
     * The rules in CEL ({@code x-kubernetes-validations}).
     *
     * @param found all that was found wrong before; some of it makes it useless to evaluate rules
     */
    public List<FieldError> validateRules(ObjectNode object, ObjectNode oldOrNull, List<FieldError> found) {
        if (rules == null) {
            return List.of();
        }
        if (blocks(found)) {
            return List.of(FieldError.invalid(Findings.NOWHERE, new GoJson.Bare("null"), UNCHECKED));
        }
        Correlation correlation = oldOrNull == null ? null : new Correlation(object, oldOrNull, root);
        return RuleEvaluation.run(rules.get(), "", object, oldOrNull, correlation, RuleEvaluation.BUDGET)
                .errors();
    }

    private static boolean blocks(List<FieldError> found) {
        return found.stream().anyMatch(error -> BLOCKING.contains(error.type()));
    }
}

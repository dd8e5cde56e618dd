package io.jollyboat.apiserver.managed;

import io.jollyboat.apiserver.managed.FieldType.ListType;
import io.jollyboat.apiserver.managed.FieldType.MapType;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The fields that a tree of a type sets. */
final class TreeFields {
    private TreeFields() {}

    static FieldSet of(FieldType type, JsonNode tree) {
        FieldSet set = new FieldSet();
        value(new Spot(null, null, set), type, tree);
        return set.finished();
    }

    /** A place whose set is made when something is put into it. */
    private static final class Spot {
        private final Spot parent;
        private final Step step;
        private FieldSet below;

        Spot(Spot parent, Step step, FieldSet below) {
            this.parent = parent;
            this.step = step;
            this.below = below;
        }

        Spot at(Step next) {
            return new Spot(this, next, null);
        }

        FieldSet below() {
            if (below == null) {
                below = parent.below().child(step);
            }
            return below;
        }

        void add() {
            if (parent != null) {
                parent.below().add(step);
            }
        }
    }

    private static void value(Spot at, FieldType declared, JsonNode value) {
        FieldType type = declared.deduced(value);
        if (type.map() != null) {
            map(at, type.map(), value);
        } else if (type.scalar() != null) {
            at.add();
        } else {
            list(at, type.list(), value);
        }
    }

    private static void map(Spot at, MapType type, JsonNode value) {
        if (type.atomic()) {
            at.add();
            return;
        }
        if (!value.isObject()) {
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            Spot spot = at.at(Step.field(entry.getKey()));
            JsonNode inner = entry.getValue();
            FieldType innerType = type.typeOf(entry.getKey());
            value(spot, innerType == null ? FieldType.DEDUCED : innerType, inner);
            boolean declared = type.fields().containsKey(entry.getKey());
            if (inner.isNull() || (inner.isObject() && inner.isEmpty()) || !declared) {
                spot.add();
            }
        }
    }

    private static void list(Spot at, ListType type, JsonNode value) {
        if (!type.associative()) {
            at.add();
            return;
        }
        for (Map.Entry<Step, List<JsonNode>> element :
                TreeComparer.indexed(type, value).entrySet()) {
            Spot spot = at.at(element.getKey());
            if (element.getValue().size() == 1) {
                value(spot, type.element().get(), element.getValue().getFirst());
            }
            spot.add();
        }
    }
}

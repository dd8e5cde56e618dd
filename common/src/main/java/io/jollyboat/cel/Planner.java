package io.jollyboat.cel;

import com.google.protobuf.ByteString;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.TypeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a checked expression into steps. What has only constants in it becomes a constant, as cel-go optimizes. */
final class Planner {

    private record Place(int slot, Node init, boolean accumulates) {}

    private final CelAbstractSyntaxTree ast;
    private final Libraries libraries;
    private final Map<String, Integer> globals = new LinkedHashMap<>();
    private final Map<String, Place> scope = new HashMap<>();
    private int locals;

    Planner(CelAbstractSyntaxTree ast, Libraries libraries) {
        this.ast = ast;
        this.libraries = libraries;
    }

    Node plan() {
        return plan(ast.getExpr());
    }

    int locals() {
        return locals;
    }

    int globals() {
        return globals.size();
    }

    private Node plan(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> new Node.Const(constant(expr.constant()));
            case IDENT -> ident(expr.id(), expr.ident().name());
            case SELECT -> select(expr);
            case CALL -> call(expr.call(), ast.getReference(expr.id()));
            case LIST -> list(expr.list());
            case MAP -> map(expr.map());
            case STRUCT -> struct(expr.struct(), expr.id());
            case COMPREHENSION -> fold(expr.comprehension());
            case NOT_SET -> throw new IllegalStateException("empty expression");
        };
    }

    static Object constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case UINT64_VALUE -> constant.uint64Value();
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue();
            case BYTES_VALUE -> ByteString.copyFrom(constant.bytesValue().toByteArray());
            case NULL_VALUE, NOT_SET -> Null.NULL;
            case TIMESTAMP_VALUE, DURATION_VALUE -> throw new IllegalStateException("no literal of this kind");
        };
    }

    private Node ident(long id, String written) {
        Optional<CelReference> reference = ast.getReference(id);
        if (reference.isPresent() && reference.get().value().isPresent()) {
            return new Node.Const(constant(reference.get().value().get()));
        }
        String name = reference.map(CelReference::name).orElse(written);
        Place place = scope.get(name);
        if (place != null) {
            return new AttributeNode(
                    new AttributeNode.Local(place.slot(), place.init(), place.accumulates()), List.of());
        }
        if (ast.getType(id).orElse(null) instanceof TypeType type) {
            return new Node.Const(type.parameters().getFirst());
        }
        int slot = globals.computeIfAbsent(name, ignored -> globals.size());
        return new AttributeNode(new AttributeNode.Global(slot, name), List.of());
    }

    private Node select(CelExpr expr) {
        if (ast.getReference(expr.id()).isPresent()) {
            return ident(expr.id(), expr.select().field());
        }
        AttributeNode operand = attribute(plan(expr.select().operand()));
        return operand.with(AttributeNode.Qualifier.constant(
                expr.select().field(), false, expr.select().testOnly()));
    }

    private static AttributeNode attribute(Node node) {
        return node instanceof AttributeNode attribute && !attribute.isTest()
                ? attribute
                : new AttributeNode(new AttributeNode.Relative(node), List.of());
    }

    private Node call(CelExpr.CelCall call, Optional<CelReference> reference) {
        List<String> overloads = reference.isPresent() ? reference.get().overloadIds() : List.of();
        String overload = overloads.size() == 1 ? overloads.getFirst() : "";
        List<Node> args = new ArrayList<>();
        call.target().ifPresent(target -> args.add(plan(target)));
        call.args().forEach(arg -> args.add(plan(arg)));
        return switch (call.function()) {
            case "_&&_" -> new LogicNodes.Logic(false, args.get(0), args.get(1));
            case "_||_" -> new LogicNodes.Logic(true, args.get(0), args.get(1));
            case "_?_:_" ->
                new AttributeNode(new AttributeNode.Conditional(args.get(0), args.get(1), args.get(2)), List.of());
            case "_[_]" -> index(args.get(0), args.get(1), false);
            case "_?._", "_[?_]" -> index(args.get(0), args.get(1), true);
            case "@not_strictly_false", "__not_strictly_false__" -> new LogicNodes.NotStrictlyFalse(args.get(0));
            case "or" -> new LogicNodes.OptionalOr(args.get(0), args.get(1), false);
            case "orValue" -> new LogicNodes.OptionalOr(args.get(0), args.get(1), true);
            case "_==_" -> function("_==_", "equals", args);
            case "_!=_" -> function("_!=_", "not_equals", args);
            case "@in" -> in(overload, args);
            case "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint" ->
                conversion(call.function(), overload, args);
            default -> function(call.function(), overload, args);
        };
    }

    private static Node index(Node operand, Node key, boolean optional) {
        return attribute(operand)
                .with(
                        key instanceof Node.Const constant
                                ? AttributeNode.Qualifier.constant(constant.value, optional, false)
                                : AttributeNode.Qualifier.computed(key, optional));
    }

    private Node in(String overload, List<Node> args) {
        if (overload.equals("in_list")
                && args.get(1) instanceof Node.Const constant
                && constant.value instanceof List<?> list) {
            if (list.isEmpty()) {
                return new Node.Const(false);
            }
            boolean simple =
                    list.stream().allMatch(e -> e instanceof String || e instanceof Boolean || Numbers.isNumber(e));
            if (simple) {
                return new AggregateNodes.InConstants(args.get(0), list);
            }
        }
        return function("@in", overload, args);
    }

    private Node conversion(String name, String overload, List<Node> args) {
        Node call = function(name, overload, args);
        if (args.size() == 1 && args.getFirst() instanceof Node.Const) {
            return new Node.Const(call.eval(new Frame(ignored -> null, 0, 0, Long.MAX_VALUE)));
        }
        return call;
    }

    private Node function(String name, String overload, List<Node> args) {
        return new CallNode(name, overload, libraries.function(name, overload), args);
    }

    private Node list(CelExpr.CelList list) {
        List<AggregateNodes.Entry> entries = new ArrayList<>();
        for (int i = 0; i < list.elements().size(); i++) {
            entries.add(new AggregateNodes.Entry(
                    null, plan(list.elements().get(i)), list.optionalIndices().contains(i)));
        }
        return folded(new AggregateNodes.ListNode(entries), entries);
    }

    private Node map(CelExpr.CelMap map) {
        List<AggregateNodes.Entry> entries = new ArrayList<>();
        map.entries()
                .forEach(e -> entries.add(new AggregateNodes.Entry(plan(e.key()), plan(e.value()), e.optionalEntry())));
        return folded(new AggregateNodes.MapNode("map", entries), entries);
    }

    private static Node folded(Node node, List<AggregateNodes.Entry> entries) {
        boolean constant = entries.stream()
                .allMatch(e -> !e.optional()
                        && (e.key() == null || e.key() instanceof Node.Const)
                        && e.value() instanceof Node.Const);
        return constant ? new Node.Const(node.eval(new Frame(ignored -> null, 0, 0, Long.MAX_VALUE))) : node;
    }

    private Node struct(CelExpr.CelStruct struct, long id) {
        List<AggregateNodes.Entry> entries = new ArrayList<>();
        struct.entries()
                .forEach(e -> entries.add(
                        new AggregateNodes.Entry(new Node.Const(e.fieldKey()), plan(e.value()), e.optionalEntry())));
        String name = ast.getType(id).map(CelType::name).orElse(struct.messageName());
        return new AggregateNodes.MapNode(name, entries);
    }

    private Node fold(CelExpr.CelComprehension fold) {
        Node range = plan(fold.iterRange());
        Node init = plan(fold.accuInit());
        int accumulator = locals++;
        int first = locals++;
        int second = fold.iterVar2().isEmpty() ? -1 : locals++;
        Place hiddenAccumulator =
                scope.put(fold.accuVar(), new Place(accumulator, init, Macros.isAccumulator(fold.accuVar())));
        Place hiddenFirst = scope.put(fold.iterVar(), new Place(first, null, false));
        Place hiddenSecond = second < 0 ? null : scope.put(fold.iterVar2(), new Place(second, null, false));
        Node condition = plan(fold.loopCondition());
        Node step = plan(fold.loopStep());
        restore(fold.iterVar(), hiddenFirst);
        if (second >= 0) {
            restore(fold.iterVar2(), hiddenSecond);
        }
        Node result = plan(fold.result());
        restore(fold.accuVar(), hiddenAccumulator);
        return new FoldNode(range, condition, step, result, accumulator, first, second);
    }

    private void restore(String name, Place hidden) {
        if (hidden == null) {
            scope.remove(name);
        } else {
            scope.put(name, hidden);
        }
    }
}

package io.jollyboat.cel;

import java.util.List;

/** A function call: arguments, then the function, then its cost. */
final class CallNode extends Node {

    private final String name;
    private final String overload;
    private final Function function;
    private final Node[] arguments;
    private final RuntimeCost cost;

    CallNode(String name, String overload, Function function, List<Node> arguments) {
        this.name = name;
        this.overload = overload;
        this.function = function;
        this.arguments = arguments.toArray(Node[]::new);
        this.cost = RuntimeCost.of(name, overload);
    }

    @Override
    Object eval(Frame frame) {
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].eval(frame);
        }
        // The sizes of what an accumulator held before count, so costs that do not need the result come first.
        long before = cost.before(values);
        Object result = function.apply(values);
        frame.charge(before + cost.after(values, result));
        return result;
    }

    @Override
    public String toString() {
        return name + "/" + overload;
    }
}

package io.jollyboat.cel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A comprehension. Errors of a step stay in the accumulator, as a later step may make up for them. */
final class FoldNode extends Node {

    private final Node range;
    private final Node condition;
    private final Node step;
    private final Node result;
    private final int accumulator;
    private final int first;
    private final int second;

    /** Places of the variables; second is -1 where there is one iteration variable. */
    FoldNode(Node range, Node condition, Node step, Node result, int accumulator, int first, int second) {
        this.range = range;
        this.condition = condition;
        this.step = step;
        this.result = result;
        this.accumulator = accumulator;
        this.first = first;
        this.second = second;
    }

    @Override
    Object eval(Frame frame) {
        Object over = range.eval(frame);
        frame.locals[accumulator] = null;
        switch (over) {
            case List<?> list when second < 0 -> fold(frame, list.iterator());
            case List<?> list -> foldIndexed(frame, list);
            case Map<?, ?> map -> foldEntries(frame, map);
            default -> throw new EvalError("got '" + Values.typeName(over) + "', expected iterable type");
        }
        Object value = result.eval(frame);
        frame.locals[accumulator] = null;
        return value instanceof Operators.Accumulator done ? new ArrayList<>(done) : value;
    }

    private void fold(Frame frame, Iterator<?> elements) {
        while (elements.hasNext()) {
            frame.locals[first] = elements.next();
            if (!step(frame)) {
                return;
            }
        }
    }

    private void foldIndexed(Frame frame, List<?> list) {
        long index = 0;
        for (Object element : list) {
            frame.locals[first] = index++;
            frame.locals[second] = element;
            if (!step(frame)) {
                return;
            }
        }
    }

    private void foldEntries(Frame frame, Map<?, ?> map) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            frame.locals[first] = entry.getKey();
            if (second >= 0) {
                frame.locals[second] = entry.getValue();
            }
            if (!step(frame)) {
                return;
            }
        }
    }

    private boolean step(Frame frame) {
        try {
            if (condition.eval(frame) instanceof Boolean go && !go) {
                return false;
            }
        } catch (EvalError e) {
            // An error is not false: the loop goes on, and the step meets the error again.
        }
        try {
            frame.locals[accumulator] = step.eval(frame);
        } catch (EvalError e) {
            frame.locals[accumulator] = e;
        }
        return true;
    }
}

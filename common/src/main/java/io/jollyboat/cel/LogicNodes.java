package io.jollyboat.cel;

/** {@code &&} and {@code ||}, which absorb errors where the other side decides, and what comprehensions loop by. */
final class LogicNodes {

    private LogicNodes() {}

    /** {@code &&} for absorbing = false, {@code ||} for absorbing = true. */
    static final class Logic extends Node {
        private final boolean absorbing;
        private final Node left;
        private final Node right;

        Logic(boolean absorbing, Node left, Node right) {
            this.absorbing = absorbing;
            this.left = left;
            this.right = right;
        }

        @Override
        Object eval(Frame frame) {
            EvalError error = null;
            try {
                if (decides(left.eval(frame))) {
                    return absorbing;
                }
            } catch (EvalError e) {
                error = e;
            }
            if (decides(right.eval(frame))) {
                return absorbing;
            }
            if (error != null) {
                throw error;
            }
            return !absorbing;
        }

        private boolean decides(Object value) {
            if (value instanceof Boolean b) {
                return b == absorbing;
            }
            throw EvalError.noSuchOverload();
        }
    }

    /** {@code @not_strictly_false}: true for errors. */
    static final class NotStrictlyFalse extends Node {
        private final Node operand;

        NotStrictlyFalse(Node operand) {
            this.operand = operand;
        }

        @Override
        Object eval(Frame frame) {
            Object value;
            try {
                value = operand.eval(frame);
            } catch (EvalError e) {
                value = true;
            }
            frame.charge(1);
            return !(value instanceof Boolean b) || b;
        }
    }

    /** {@code a.or(b)} and {@code a.orValue(b)}: the right side only where the left is empty. */
    static final class OptionalOr extends Node {
        private final Node left;
        private final Node right;
        private final boolean unwrap;

        OptionalOr(Node left, Node right, boolean unwrap) {
            this.left = left;
            this.right = right;
            this.unwrap = unwrap;
        }

        @Override
        Object eval(Frame frame) {
            Object value = left.eval(frame);
            if (!(value instanceof java.util.Optional<?> optional)) {
                return value;
            }
            if (optional.isPresent()) {
                return unwrap ? optional.get() : optional;
            }
            return right.eval(frame);
        }
    }
}

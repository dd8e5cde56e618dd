package io.jollyboat.apiserver.policy;

import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.cel.EvalError;
import io.jollyboat.cel.Null;
import io.jollyboat.cel.Variables;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The input of a policy's expressions with its parameters and its own variables, which are evaluated when first read. */
final class PolicyVariables implements Variables {
    private final Variables request;
    private final Object params;
    private final Map<String, CelCompilation> declared;
    private final Map<String, CelOutcome> known = new HashMap<>();
    private final Lazy lazy = new Lazy();
    private long cost;

    PolicyVariables(Variables request, Object params, Map<String, CelCompilation> declared) {
        this.request = request;
        this.params = params;
        this.declared = declared;
    }

    @Override
    public Object find(String name) {
        return switch (name) {
            case "params" -> params == null ? Null.NULL : params;
            case "variables" -> lazy;
            default -> request.find(name);
        };
    }

    /** What variables have cost since this was last asked. */
    long takeCost() {
        long taken = cost;
        cost = 0;
        return taken;
    }

    private Object evaluate(String name) {
        CelOutcome outcome = known.get(name);
        if (outcome == null) {
            outcome = switch (declared.get(name)) {
                case CelProgram program -> program.evaluate(this);
                case CelCompilation.Failure failure -> new CelOutcome(null, failure.message(), 0, false);
            };
            cost += outcome.cost();
            known.put(name, outcome);
        }
        if (outcome.failed()) {
            throw new EvalError("composited variable \"" + name + "\" fails to evaluate: " + outcome.error());
        }
        return outcome.value();
    }

    private final class Lazy extends AbstractMap<Object, Object> {
        @Override
        public Object get(Object key) {
            return containsKey(key) ? evaluate((String) key) : null;
        }

        @Override
        public boolean containsKey(Object key) {
            return key instanceof String name && declared.containsKey(name);
        }

        @Override
        public Set<Map.Entry<Object, Object>> entrySet() {
            Map<Object, Object> all = new HashMap<>();
            declared.keySet().forEach(name -> all.put(name, evaluate(name)));
            return all.entrySet();
        }
    }
}

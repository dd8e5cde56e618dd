package io.jollyboat.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Functions beyond the language's own: what the checker has to know of them, and what they do. */
final class Declarations {

    /** One overload, with what it does; its arguments are compared with its parameters before it is called. */
    record Overload(CelOverloadDecl declaration, Function function) {

        boolean accepts(Object[] args) {
            List<CelType> parameters = declaration.parameterTypes();
            if (args.length != parameters.size()) {
                return false;
            }
            for (int i = 0; i < args.length; i++) {
                if (!Types.accepts(parameters.get(i), args[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Map<String, List<Overload>> functions = new LinkedHashMap<>();
    private final Map<String, Overload> overloads = new HashMap<>();

    /** A function called as {@code name(args)}. */
    void global(String name, String overload, CelType result, Function function, CelType... parameters) {
        add(name, new Overload(CelOverloadDecl.newGlobalOverload(overload, result, List.of(parameters)), function));
    }

    /** A function called as {@code first.name(others)}. */
    void member(String name, String overload, CelType result, Function function, CelType... parameters) {
        add(name, new Overload(CelOverloadDecl.newMemberOverload(overload, result, List.of(parameters)), function));
    }

    private void add(String name, Overload overload) {
        functions.computeIfAbsent(name, ignored -> new ArrayList<>()).add(overload);
        overloads.put(overload.declaration().overloadId(), overload);
    }

    List<CelFunctionDecl> forChecker() {
        List<CelFunctionDecl> all = new ArrayList<>();
        functions.forEach((name, list) -> all.add(CelFunctionDecl.newFunctionDeclaration(
                name, list.stream().map(Overload::declaration).toList())));
        return all;
    }

    /** What a call does: the one overload that the checker chose, else the first that takes the arguments. */
    Function find(String name, String overload) {
        Overload chosen = overloads.get(overload);
        List<Overload> candidates = chosen != null ? List.of(chosen) : functions.get(name);
        if (candidates == null) {
            return null;
        }
        return args -> {
            for (Overload candidate : candidates) {
                if (candidate.accepts(args)) {
                    return candidate.function().apply(args);
                }
            }
            throw noOverload(name, args);
        };
    }

    private static EvalError noOverload(String name, Object[] args) {
        return EvalError.noSuchOverload(
                name + List.of(args).stream().map(Values::typeName).collect(Collectors.joining(", ", "(", ")")));
    }
}

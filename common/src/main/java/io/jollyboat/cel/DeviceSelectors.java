package io.jollyboat.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.util.Map;

/** Expressions that select devices: they see one {@code device} and say whether it is wanted. */
public final class DeviceSelectors {

    private DeviceSelectors() {}

    private static final class Lazy {
        private static final MapType BY_NAME = MapType.create(SimpleType.STRING, SimpleType.DYN);
        private static final CelType BY_DOMAIN = MapType.create(SimpleType.STRING, BY_NAME);
        private static final CelType CAPACITIES =
                MapType.create(SimpleType.STRING, MapType.create(SimpleType.STRING, QuantityFunctions.TYPE));
        private static final CelEnvironment ENVIRONMENT = CelEnvironment.builder()
                .variable(
                        "device",
                        DeclType.object(
                                "kubernetes.DRADevice",
                                Map.of(
                                        "driver",
                                        DeclType.scalar(SimpleType.STRING),
                                        "attributes",
                                        DeclType.scalar(BY_DOMAIN),
                                        "capacity",
                                        DeclType.scalar(CAPACITIES),
                                        "allowMultipleAllocations",
                                        DeclType.scalar(SimpleType.BOOL))))
                .build();
    }

    /** The program of a selector, or what is wrong with it. */
    public static CelCompilation compile(String expression) {
        CelCompilation compiled = Lazy.ENVIRONMENT.compile(expression);
        if (compiled instanceof CelProgram program
                && !program.resultType().equals(SimpleType.BOOL)
                && !Types.isDynamic(program.resultType())) {
            return new CelCompilation.Failure(
                    "must evaluate to bool or the unknown type, not " + Types.text(program.resultType()));
        }
        return compiled;
    }
}

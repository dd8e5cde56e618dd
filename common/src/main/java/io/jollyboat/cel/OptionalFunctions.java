package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.TypeParamType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Optional values; the selections {@code .?} and {@code [?]} and {@code or} are steps of their own. */
final class OptionalFunctions {

    private static final TypeParamType V = TypeParamType.create("V");
    private static final TypeParamType K = TypeParamType.create("K");
    private static final OptionalType OPTIONAL = OptionalType.create(V);
    private static final ListType LIST = ListType.create(V);
    private static final MapType MAP = MapType.create(K, V);
    private static final Function STEP = args -> {
        throw EvalError.noSuchOverload();
    };

    private OptionalFunctions() {}

    static void declare(Declarations to) {
        to.global("optional.of", "optional_of", OPTIONAL, a -> Optional.of(a[0]), V);
        to.global(
                "optional.ofNonZeroValue",
                "optional_ofNonZeroValue",
                OPTIONAL,
                a -> Values.isZero(a[0]) ? Optional.empty() : Optional.of(a[0]),
                V);
        to.global("optional.none", "optional_none", OPTIONAL, a -> Optional.empty());
        to.member("value", "optional_value", V, a -> value((Optional<?>) a[0]), OPTIONAL);
        to.member("hasValue", "optional_hasValue", BOOL, a -> ((Optional<?>) a[0]).isPresent(), OPTIONAL);
        to.member("or", "optional_or_optional", OPTIONAL, STEP, OPTIONAL, OPTIONAL);
        to.member("orValue", "optional_orValue_value", V, STEP, OPTIONAL, V);
        to.global("_?._", "select_optional_field", OPTIONAL, STEP, DYN, STRING);
        to.global("_[?_]", "list_optindex_optional_int", OPTIONAL, STEP, LIST, INT);
        to.global("_[?_]", "optional_list_optindex_optional_int", OPTIONAL, STEP, OptionalType.create(LIST), INT);
        to.global("_[?_]", "map_optindex_optional_value", OPTIONAL, STEP, MAP, K);
        to.global("_[?_]", "optional_map_optindex_optional_value", OPTIONAL, STEP, OptionalType.create(MAP), K);
        to.global("_[_]", "optional_list_index_int", OPTIONAL, STEP, OptionalType.create(LIST), INT);
        to.global("_[_]", "optional_map_index_value", OPTIONAL, STEP, OptionalType.create(MAP), K);
        to.member("last", "list_last", OPTIONAL, a -> end((List<?>) a[0], true), LIST);
        to.member("first", "list_first", OPTIONAL, a -> end((List<?>) a[0], false), LIST);
        ListType optionals = ListType.create(OPTIONAL);
        to.global("optional.unwrap", "optional_unwrap", LIST, a -> unwrap((List<?>) a[0]), optionals);
        to.member("unwrapOpt", "optional_unwrapOpt", LIST, a -> unwrap((List<?>) a[0]), optionals);
    }

    private static Object value(Optional<?> optional) {
        if (optional.isEmpty()) {
            throw new EvalError("optional.none() dereference");
        }
        return optional.get();
    }

    private static Optional<?> end(List<?> list, boolean last) {
        return list.isEmpty() ? Optional.empty() : Optional.of(last ? list.getLast() : list.getFirst());
    }

    private static List<Object> unwrap(List<?> list) {
        List<Object> values = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Optional<?> optional)) {
                throw new EvalError("value " + element + " is not optional");
            }
            optional.ifPresent(values::add);
        }
        return values;
    }
}

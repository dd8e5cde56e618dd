package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.BYTES;
import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.DURATION;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;
import static dev.cel.common.types.SimpleType.TIMESTAMP;
import static dev.cel.common.types.SimpleType.UINT;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.TypeParamType;
import java.time.Duration;
import java.util.List;

/** Kubernetes' list library: order, sums, extremes and positions. */
final class ListFunctions {

    /** Their order decides which overload an empty list is taken for. */
    private static final List<CelType> COMPARABLE =
            List.of(INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES);

    private static final List<CelType> SUMMABLE = List.of(INT, UINT, DOUBLE, DURATION);

    private ListFunctions() {}

    static void declare(Declarations to) {
        for (CelType type : COMPARABLE) {
            ListType list = ListType.create(type);
            String prefix = "list_" + shortName(type);
            to.member("isSorted", prefix + "_is_sorted_bool", BOOL, a -> isSorted((List<?>) a[0]), list);
            to.member("min", prefix + "_min_" + shortName(type), type, a -> extreme("min", (List<?>) a[0], -1), list);
            to.member("max", prefix + "_max_" + shortName(type), type, a -> extreme("max", (List<?>) a[0], 1), list);
        }
        for (CelType type : SUMMABLE) {
            String overload = "list_" + shortName(type) + "_sum_" + shortName(type);
            to.member("sum", overload, type, a -> sum((List<?>) a[0], type), ListType.create(type));
        }
        TypeParamType element = TypeParamType.create("T");
        ListType list = ListType.create(element);
        to.member("indexOf", "list_a_index_of_int", INT, a -> indexOf((List<?>) a[0], a[1]), list, element);
        to.member(
                "lastIndexOf", "list_a_last_index_of_int", INT, a -> lastIndexOf((List<?>) a[0], a[1]), list, element);
    }

    private static String shortName(CelType type) {
        return switch (type.kind()) {
            case DURATION -> "duration";
            case TIMESTAMP -> "timestamp";
            default -> type.name();
        };
    }

    private static boolean isSorted(List<?> list) {
        Object previous = null;
        for (Object element : list) {
            if (previous != null && Operators.compare("isSorted", previous, element) > 0) {
                return false;
            }
            previous = element;
        }
        return true;
    }

    private static Object extreme(String name, List<?> list, int sign) {
        Object best = null;
        for (Object element : list) {
            if (best == null || Operators.compare(name, element, best) * sign > 0) {
                best = element;
            }
        }
        if (best == null) {
            throw new EvalError(name + " called on empty list");
        }
        return best;
    }

    private static Object sum(List<?> list, CelType type) {
        Object total = switch (type.kind()) {
            case UINT -> UnsignedLong.ZERO;
            case DOUBLE -> 0.0;
            case DURATION -> Duration.ZERO;
            default -> 0L;
        };
        Function add = Operators.find("_+_");
        for (Object element : list) {
            total = add.apply(new Object[] {total, element});
        }
        return total;
    }

    private static long indexOf(List<?> list, Object wanted) {
        long index = 0;
        for (Object element : list) {
            if (Values.equal(element, wanted)) {
                return index;
            }
            index++;
        }
        return -1;
    }

    private static long lastIndexOf(List<?> list, Object wanted) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (Values.equal(list.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }
}

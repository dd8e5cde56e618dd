package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;

import dev.cel.common.types.ListType;
import dev.cel.common.types.TypeParamType;
import java.util.List;

/** cel-go's set extension over lists. */
final class SetFunctions {

    private static final ListType LIST = ListType.create(TypeParamType.create("T"));

    private SetFunctions() {}

    static void declare(Declarations to) {
        to.global(
                "sets.contains",
                "list_sets_contains_list",
                BOOL,
                a -> contains((List<?>) a[0], (List<?>) a[1]),
                LIST,
                LIST);
        to.global(
                "sets.equivalent",
                "list_sets_equivalent_list",
                BOOL,
                a -> contains((List<?>) a[0], (List<?>) a[1]) && contains((List<?>) a[1], (List<?>) a[0]),
                LIST,
                LIST);
        to.global(
                "sets.intersects",
                "list_sets_intersects_list",
                BOOL,
                a -> ((List<?>) a[0]).stream().anyMatch(e -> Operators.in(e, a[1])),
                LIST,
                LIST);
    }

    private static boolean contains(List<?> list, List<?> part) {
        return part.stream().allMatch(e -> Operators.in(e, list));
    }
}

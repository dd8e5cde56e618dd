package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.OpaqueType;

/** Kubernetes' semantic versions. */
final class SemverFunctions {

    static final OpaqueType TYPE = OpaqueType.create("kubernetes.Semver");

    private SemverFunctions() {}

    static void declare(Declarations to) {
        to.global("semver", "string_to_semver", TYPE, a -> parse((String) a[0], false), STRING);
        to.global("semver", "string_bool_to_semver", TYPE, a -> parse((String) a[0], (Boolean) a[1]), STRING, BOOL);
        to.global("isSemver", "is_semver_string", BOOL, a -> isValid((String) a[0], false), STRING);
        to.global("isSemver", "is_semver_string_bool", BOOL, a -> isValid((String) a[0], (Boolean) a[1]), STRING, BOOL);
        to.member("isGreaterThan", "semver_is_greater_than", BOOL, a -> compare(a) > 0, TYPE, TYPE);
        to.member("isLessThan", "semver_is_less_than", BOOL, a -> compare(a) < 0, TYPE, TYPE);
        to.member("compareTo", "semver_compare_to", INT, a -> (long) compare(a), TYPE, TYPE);
        to.member("major", "semver_major", INT, a -> ((Semver) a[0]).major(), TYPE);
        to.member("minor", "semver_minor", INT, a -> ((Semver) a[0]).minor(), TYPE);
        to.member("patch", "semver_patch", INT, a -> ((Semver) a[0]).patch(), TYPE);
    }

    private static int compare(Object[] args) {
        return ((Semver) args[0]).compareTo((Semver) args[1]);
    }

    private static Semver parse(String text, boolean normalize) {
        try {
            return Semver.parse(normalize ? Semver.normalized(text) : text);
        } catch (IllegalArgumentException e) {
            throw new EvalError(e.getMessage());
        }
    }

    private static boolean isValid(String text, boolean normalize) {
        try {
            parse(text, normalize);
            return true;
        } catch (EvalError e) {
            return false;
        }
    }
}

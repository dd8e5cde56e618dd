package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.types.ListType;
import java.util.ArrayList;
import java.util.List;

/** Kubernetes' {@code find} and {@code findAll}. */
final class RegexFunctions {

    private static final ListType STRINGS = ListType.create(STRING);

    private RegexFunctions() {}

    static void declare(Declarations to) {
        to.member("find", "string_find_string", STRING, a -> find((String) a[0], (String) a[1]), STRING, STRING);
        to.member(
                "findAll",
                "string_find_all_string",
                STRINGS,
                a -> findAll((String) a[0], (String) a[1], -1),
                STRING,
                STRING);
        to.member(
                "findAll",
                "string_find_all_string_int",
                STRINGS,
                a -> findAll((String) a[0], (String) a[1], (Long) a[2]),
                STRING,
                STRING,
                INT);
    }

    private static Pattern compile(String expression) {
        try {
            return Regexes.compile(expression);
        } catch (EvalError e) {
            throw new EvalError("Illegal regex: " + e.getMessage());
        }
    }

    private static String find(String text, String expression) {
        Matcher matcher = compile(expression).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<Object> findAll(String text, String expression, long limit) {
        List<Object> found = new ArrayList<>();
        Matcher matcher = compile(expression).matcher(text);
        while ((limit < 0 || found.size() < limit) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}

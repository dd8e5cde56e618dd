package io.jollyboat.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiled regular expressions in RE2's syntax, which matches in linear time. Most are constants of programs. */
final class Regexes {

    private static final int KEPT = 512;
    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    private Regexes() {}

    static Pattern compile(String expression) {
        Pattern known = COMPILED.get(expression);
        if (known != null) {
            return known;
        }
        try {
            Pattern pattern = Pattern.compile(expression);
            if (COMPILED.size() >= KEPT) {
                COMPILED.clear();
            }
            COMPILED.put(expression, pattern);
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new EvalError("error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
        }
    }
}

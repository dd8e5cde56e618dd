package io.jollyboat.cel;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Property names of schemas as identifiers of expressions and back: {@code a-b} is {@code a__dash__b}. */
public final class PropertyNames {

    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");
    private static final Pattern SPECIAL = Pattern.compile("__|[-./]");
    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z_./-][a-zA-Z0-9_./-]*");
    private static final Pattern ESCAPE = Pattern.compile("__([^_]+)__");

    private PropertyNames() {}

    /** Whether expressions can have the word as a name. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /** The identifier for a property name, or null if expressions cannot reach the property. */
    public static String escape(String name) {
        if (!ALLOWED.matcher(name).matches()) {
            return null;
        }
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return SPECIAL.matcher(name).replaceAll(match -> switch (match.group()) {
            case "__" -> "__underscores__";
            case "." -> "__dot__";
            case "-" -> "__dash__";
            default -> "__slash__";
        });
    }

    /** The property name for an identifier, or null if it has an escape that does not exist. */
    public static String unescape(String identifier) {
        if (!identifier.contains("__")) {
            return identifier;
        }
        Matcher escapes = ESCAPE.matcher(identifier);
        StringBuilder name = new StringBuilder();
        while (escapes.find()) {
            String plain = switch (escapes.group(1)) {
                case "underscores" -> "__";
                case "dot" -> ".";
                case "dash" -> "-";
                case "slash" -> "/";
                default ->
                    RESERVED.contains(escapes.group(1)) && escapes.group().length() == identifier.length()
                            ? escapes.group(1)
                            : null;
            };
            if (plain == null) {
                return null;
            }
            escapes.appendReplacement(name, Matcher.quoteReplacement(plain));
        }
        return escapes.appendTail(name).toString();
    }
}

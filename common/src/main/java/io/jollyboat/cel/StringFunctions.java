package io.jollyboat.cel;

import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.ListType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** cel-go's string extension, version 2. Positions count code points. */
final class StringFunctions {

    private static final ListType STRINGS = ListType.create(STRING);

    private StringFunctions() {}

    static void declare(Declarations to) {
        to.member("charAt", "string_char_at_int", STRING, a -> charAt(text(a), at(a, 1)), STRING, INT);
        to.member("indexOf", "string_index_of_string", INT, a -> indexOf(text(a), text(a, 1), 0), STRING, STRING);
        to.member(
                "indexOf",
                "string_index_of_string_int",
                INT,
                a -> indexOf(text(a), text(a, 1), at(a, 2)),
                STRING,
                STRING,
                INT);
        to.member("lastIndexOf", "string_last_index_of_string", INT, StringFunctions::lastIndexOf, STRING, STRING);
        to.member(
                "lastIndexOf",
                "string_last_index_of_string_int",
                INT,
                a -> lastIndexOf(text(a), text(a, 1), at(a, 2)),
                STRING,
                STRING,
                INT);
        to.member(
                "lowerAscii",
                "string_lower_ascii",
                STRING,
                a -> ascii(text(a), s -> s.toLowerCase(Locale.ROOT)),
                STRING);
        to.member(
                "upperAscii",
                "string_upper_ascii",
                STRING,
                a -> ascii(text(a), s -> s.toUpperCase(Locale.ROOT)),
                STRING);
        to.member(
                "replace",
                "string_replace_string_string",
                STRING,
                a -> replace(text(a), text(a, 1), text(a, 2), -1),
                STRING,
                STRING,
                STRING);
        to.member(
                "replace",
                "string_replace_string_string_int",
                STRING,
                a -> replace(text(a), text(a, 1), text(a, 2), at(a, 3)),
                STRING,
                STRING,
                STRING,
                INT);
        to.member("split", "string_split_string", STRINGS, a -> split(text(a), text(a, 1), -1), STRING, STRING);
        to.member(
                "split",
                "string_split_string_int",
                STRINGS,
                a -> split(text(a), text(a, 1), at(a, 2)),
                STRING,
                STRING,
                INT);
        to.member("substring", "string_substring_int", STRING, a -> substring(text(a), at(a, 1)), STRING, INT);
        to.member(
                "substring",
                "string_substring_int_int",
                STRING,
                a -> substring(text(a), at(a, 1), at(a, 2)),
                STRING,
                INT,
                INT);
        to.member("trim", "string_trim", STRING, a -> trim(text(a)), STRING);
        to.member("join", "list_join", STRING, a -> join((List<?>) a[0], ""), STRINGS);
        to.member("join", "list_join_string", STRING, a -> join((List<?>) a[0], text(a, 1)), STRINGS, STRING);
        to.member(
                "format",
                "string_format",
                STRING,
                a -> StringFormat.format(text(a), (List<?>) a[1]),
                STRING,
                ListType.create(DYN));
        to.global("strings.quote", "strings_quote", STRING, a -> quote(text(a)), STRING);
    }

    private static String text(Object[] args) {
        return (String) args[0];
    }

    private static String text(Object[] args, int index) {
        return (String) args[index];
    }

    private static long at(Object[] args, int index) {
        return (Long) args[index];
    }

    private static EvalError outOfRange(long index) {
        return new EvalError("index out of range: " + index);
    }

    private static String charAt(String text, long index) {
        int[] points = text.codePoints().toArray();
        if (index < 0 || index > points.length) {
            throw outOfRange(index);
        }
        return index == points.length ? "" : Character.toString(points[(int) index]);
    }

    private static long indexOf(String text, String part, long from) {
        if (part.isEmpty()) {
            return from;
        }
        if (from < 0) {
            throw outOfRange(from);
        }
        long length = text.codePointCount(0, text.length());
        if (from >= length) {
            return -1;
        }
        int found = text.indexOf(part, text.offsetByCodePoints(0, (int) from));
        return found < 0 ? -1 : text.codePointCount(0, found);
    }

    private static Object lastIndexOf(Object[] args) {
        String text = text(args);
        long length = text.codePointCount(0, text.length());
        if (text(args, 1).isEmpty()) {
            return length;
        }
        return text.length() < text(args, 1).length()
                ? (Object) Long.valueOf(-1)
                : lastIndexOf(text, text(args, 1), length - 1);
    }

    private static long lastIndexOf(String text, String part, long from) {
        if (part.isEmpty()) {
            return from;
        }
        if (from < 0) {
            throw outOfRange(from);
        }
        long length = text.codePointCount(0, text.length());
        if (from >= length) {
            return -1;
        }
        int found = text.lastIndexOf(part, text.offsetByCodePoints(0, (int) from));
        return found < 0 ? -1 : text.codePointCount(0, found);
    }

    private static String ascii(String text, UnaryOperator<String> change) {
        StringBuilder changed = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> changed.append(c < 128 ? change.apply(Character.toString(c)) : Character.toString(c)));
        return changed.toString();
    }

    private static String replace(String text, String old, String with, long limit) {
        if (limit == 0 || old.equals(with)) {
            return text;
        }
        StringBuilder all = new StringBuilder();
        int at = 0;
        long left = limit;
        while (left != 0) {
            int found = old.isEmpty() ? nextGap(text, at, all.isEmpty() && left == limit) : text.indexOf(old, at);
            if (found < 0) {
                break;
            }
            all.append(text, at, found).append(with);
            at = found + old.length();
            left--;
        }
        return all.append(text, at, text.length()).toString();
    }

    /** An empty string is found before every code point and at the end. */
    private static int nextGap(String text, int at, boolean first) {
        if (first) {
            return 0;
        }
        return at >= text.length() ? -1 : text.offsetByCodePoints(at, 1);
    }

    private static List<Object> split(String text, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        if (limit == 0) {
            return parts;
        }
        if (separator.isEmpty()) {
            int at = 0;
            while (at < text.length() && (limit < 0 || parts.size() < limit - 1)) {
                int next = text.offsetByCodePoints(at, 1);
                parts.add(text.substring(at, next));
                at = next;
            }
            if (at < text.length()) {
                parts.add(text.substring(at));
            }
            return parts;
        }
        int at = 0;
        int found = text.indexOf(separator);
        while (found >= 0 && (limit < 0 || parts.size() < limit - 1)) {
            parts.add(text.substring(at, found));
            at = found + separator.length();
            found = text.indexOf(separator, at);
        }
        parts.add(text.substring(at));
        return parts;
    }

    private static String substring(String text, long start) {
        long length = text.codePointCount(0, text.length());
        if (start < 0 || start > length) {
            throw outOfRange(start);
        }
        return text.substring(text.offsetByCodePoints(0, (int) start));
    }

    private static String substring(String text, long start, long end) {
        long length = text.codePointCount(0, text.length());
        if (start > end) {
            throw new EvalError("invalid substring range. start: " + start + ", end: " + end);
        }
        if (start < 0 || start > length) {
            throw outOfRange(start);
        }
        if (end > length) {
            throw outOfRange(end);
        }
        int from = text.offsetByCodePoints(0, (int) start);
        return text.substring(from, text.offsetByCodePoints(from, (int) (end - start)));
    }

    /** Go's TrimSpace: Unicode white space. */
    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\u0085';
    }

    private static String join(List<?> list, String separator) {
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw new EvalError("join: invalid input: " + element);
            }
            joined.append(first ? "" : separator).append(text);
            first = false;
        }
        return joined.toString();
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 11 -> quoted.append("\\v");
                case '\\' -> quoted.append("\\\\");
                case '"' -> quoted.append("\\\"");
                default -> quoted.appendCodePoint(Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c);
            }
        });
        return quoted.append('"').toString();
    }
}

package io.jollyboat.codec;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads RFC 3339 times with the error texts of Go's parser. */
final class TimeText {
    private static final Pattern FORM =
            Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)([.,]\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
    private static final String LAYOUT = "2006-01-02T15:04:05Z07:00";
    private static final String MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";

    private TimeText() {}

    /** Writes the fields of Time or MicroTime. */
    static void parse(ByteSink out, String text, boolean micros) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || (micros && fraction(matcher).length() < 7)) {
            throw mismatch(text, micros);
        }
        long seconds;
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(matcher, 1),
                    number(matcher, 2),
                    number(matcher, 3),
                    number(matcher, 4),
                    number(matcher, 5),
                    number(matcher, 6));
            seconds = local.toEpochSecond(offset(matcher.group(8)));
        } catch (DateTimeException e) {
            String part = number(matcher, 2) > 12 || number(matcher, 2) == 0
                    ? "month"
                    : number(matcher, 4) > 23
                            ? "hour"
                            : number(matcher, 5) > 59 ? "minute" : number(matcher, 6) > 59 ? "second" : "day";
            throw DecodeException.type("parsing time \"" + text + "\": " + part + " out of range");
        }
        out.putVarint(1 << 3);
        out.putVarint(seconds);
        if (micros) {
            int nanos = Integer.parseInt((fraction(matcher).substring(1) + "000000").substring(0, 6)) * 1000;
            if (nanos != 0) {
                out.putVarint(2 << 3);
                out.putVarint(nanos);
            }
        }
    }

    private static String fraction(Matcher matcher) {
        return matcher.group(7) == null ? "" : matcher.group(7);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static ZoneOffset offset(String text) {
        return text.equals("Z") ? ZoneOffset.UTC : ZoneOffset.of(text);
    }

    /** Names the first element of the layout that does not match, and what stands in its place. */
    private static DecodeException mismatch(String text, boolean micros) {
        String[] elements = micros
                ? new String[] {"2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", ".000000", "Z07:00"}
                : new String[] {"2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", "Z07:00"};
        String rest = text;
        String failed = "";
        for (String element : elements) {
            failed = element;
            int length = matchLength(rest, element, micros);
            if (length < 0) {
                break;
            }
            rest = rest.substring(length);
            failed = "";
        }
        String layout = micros ? MICRO_LAYOUT : LAYOUT;
        String detail = failed.isEmpty()
                ? ": extra text: \"" + rest + "\""
                : " as \"" + layout + "\": cannot parse \"" + rest + "\" as \"" + failed + "\"";
        return DecodeException.type("parsing time \"" + text + "\"" + detail);
    }

    private static int matchLength(String rest, String element, boolean micros) {
        Matcher matcher = switch (element) {
            case "2006" -> Pattern.compile("\\d{4}").matcher(rest);
            case "01", "02", "15", "04" -> Pattern.compile("\\d\\d").matcher(rest);
            case "05" ->
                Pattern.compile(micros ? "\\d\\d" : "\\d\\d([.,]\\d+)?").matcher(rest);
            case ".000000" -> Pattern.compile("[.,]\\d{6}").matcher(rest);
            case "Z07:00" -> Pattern.compile("Z|[+-]\\d\\d:\\d\\d").matcher(rest);
            default -> Pattern.compile(Pattern.quote(element)).matcher(rest);
        };
        return matcher.lookingAt() ? matcher.end() : -1;
    }
}

package io.jollyboat.cel;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Timestamps and durations: their text forms, their fields, and the arithmetic that Go bounds to 64 bits of nanoseconds. */
final class TimeFunctions {

    static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pattern OFFSET = Pattern.compile("([+-]?)(\\d\\d):(\\d\\d)");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d*\\.?\\d*)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern RFC3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T]\\d\\d:\\d\\d:\\d\\d([.,]\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "ns", BigDecimal.ONE,
            "us", BigDecimal.valueOf(1_000),
            "µs", BigDecimal.valueOf(1_000),
            "μs", BigDecimal.valueOf(1_000),
            "ms", BigDecimal.valueOf(1_000_000),
            "s", BigDecimal.valueOf(1_000_000_000L),
            "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L));

    private TimeFunctions() {}

    /** Adds the accessors of timestamps and durations. */
    static void addTo(Map<String, Function> functions) {
        field(functions, "getFullYear", ZonedDateTime::getYear);
        field(functions, "getMonth", t -> t.getMonthValue() - 1L);
        field(functions, "getDayOfYear", t -> t.getDayOfYear() - 1L);
        field(functions, "getDayOfMonth", t -> t.getDayOfMonth() - 1L);
        field(functions, "getDate", ZonedDateTime::getDayOfMonth);
        field(functions, "getDayOfWeek", t -> t.getDayOfWeek().getValue() % 7L);
        fieldOrLength(functions, "getHours", ZonedDateTime::getHour, Duration::toHours);
        fieldOrLength(functions, "getMinutes", ZonedDateTime::getMinute, Duration::toMinutes);
        fieldOrLength(functions, "getSeconds", ZonedDateTime::getSecond, d -> nanos(d) / 1_000_000_000L);
        fieldOrLength(functions, "getMilliseconds", t -> t.getNano() / 1_000_000L, d -> nanos(d) / 1_000_000L);
    }

    private static void field(Map<String, Function> functions, String name, ToLongFunction<ZonedDateTime> field) {
        functions.put(name, args -> {
            if (args[0] instanceof Instant time) {
                return field.applyAsLong(time.atZone(zone(args)));
            }
            throw EvalError.noSuchOverload();
        });
    }

    private static void fieldOrLength(
            Map<String, Function> functions,
            String name,
            ToLongFunction<ZonedDateTime> field,
            ToLongFunction<Duration> length) {
        functions.put(name, args -> {
            if (args[0] instanceof Instant time) {
                return field.applyAsLong(time.atZone(zone(args)));
            }
            if (args[0] instanceof Duration duration && args.length == 1) {
                return length.applyAsLong(duration);
            }
            throw EvalError.noSuchOverload();
        });
    }

    private static ZoneId zone(Object[] args) {
        if (args.length == 1) {
            return ZoneOffset.UTC;
        }
        if (!(args[1] instanceof String name)) {
            throw EvalError.noSuchOverload();
        }
        Matcher offset = OFFSET.matcher(name);
        try {
            if (offset.matches()) {
                int minutes = Integer.parseInt(offset.group(2)) * 60 + Integer.parseInt(offset.group(3));
                return ZoneOffset.ofTotalSeconds((offset.group(1).equals("-") ? -minutes : minutes) * 60);
            }
            return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new EvalError("unknown time zone " + name);
        }
    }

    /** A timestamp from RFC 3339. */
    static Instant timestamp(String text) {
        if (!RFC3339.matcher(text).matches()) {
            throw EvalError.conversion(text, "google.protobuf.Timestamp");
        }
        try {
            Instant time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text.replace(',', '.'), Instant::from);
            return inRange(time);
        } catch (DateTimeParseException e) {
            throw EvalError.conversion(text, "google.protobuf.Timestamp");
        }
    }

    static Instant inRange(Instant time) {
        if (time.isBefore(ZERO) || time.isAfter(MAX)) {
            throw new EvalError("timestamp overflow");
        }
        return time;
    }

    static Instant timestamp(long seconds) {
        if (seconds < ZERO.getEpochSecond() || seconds > MAX.getEpochSecond()) {
            throw new EvalError("timestamp overflow");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** A duration in Go's form: a sign, then numbers with units. */
    static Duration duration(String text) {
        Duration duration = parse(text);
        if (duration == null) {
            throw EvalError.conversion(text, "google.protobuf.Duration");
        }
        return duration;
    }

    static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        BigDecimal total = BigDecimal.ZERO;
        Matcher part = DURATION_PART.matcher(rest);
        int at = 0;
        while (at < rest.length()) {
            if (!part.find(at)
                    || part.start() != at
                    || part.group(1).isEmpty()
                    || part.group(1).equals(".")) {
                return null;
            }
            total = total.add(new BigDecimal(number(part.group(1))).multiply(UNITS.get(part.group(2))));
            at = part.end();
        }
        if (rest.isEmpty()) {
            return null;
        }
        BigDecimal nanos = negative ? total.negate() : total;
        try {
            return Duration.ofNanos(
                    nanos.setScale(0, java.math.RoundingMode.DOWN).longValueExact());
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static String number(String digits) {
        String padded = digits.startsWith(".") ? "0" + digits : digits;
        return padded.endsWith(".") ? padded + "0" : padded;
    }

    static Duration ofNanos(long nanos) {
        return Duration.ofNanos(nanos);
    }

    /** Nanoseconds, or the error of a duration that Go could not hold. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            throw new EvalError("duration overflow");
        }
    }

    static Duration checked(Duration duration) {
        nanos(duration);
        return duration;
    }

    static String text(Instant time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(trimmed(time));
    }

    private static ZonedDateTime trimmed(Instant time) {
        return time.atZone(ZoneOffset.UTC);
    }

    static String text(Duration duration) {
        long nanos = nanos(duration);
        long whole = nanos / 1_000_000_000L;
        BigDecimal seconds = new BigDecimal(Double.toString((double) whole + nanos % 1_000_000_000L / 1e9));
        return (seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString()) + "s";
    }
}

package io.jollyboat.values;

import io.jollyboat.api.meta.v1.MicroTime;
import io.jollyboat.api.meta.v1.Time;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Conversions between {@link Instant} and the API's times. An unset time is upstream's zero time: absent. */
public final class Times {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** Whole seconds: fractions are cut off, as upstream does. */
    public static Time time(Instant instant) {
        return Time.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }

    /** Microseconds; finer parts are cut off. */
    public static MicroTime microTime(Instant instant) {
        MicroTime.Builder time = MicroTime.newBuilder().setSeconds(instant.getEpochSecond());
        int nanos = instant.getNano() / 1000 * 1000;
        return nanos == 0 ? time.build() : time.setNanos(nanos).build();
    }

    public static Instant instant(Time time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    public static Instant instant(MicroTime time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /** True for a time that was never set. */
    public static boolean isZero(Time time) {
        return !time.hasSeconds();
    }

    public static boolean isZero(MicroTime time) {
        return !time.hasSeconds() && !time.hasNanos();
    }

    /** RFC 3339 in seconds, UTC. */
    public static String format(Time time) {
        return DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochSecond(time.getSeconds()));
    }

    public static String format(MicroTime time) {
        return MICROS.format(instant(time));
    }
}

package io.jollyboat.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Writes JSON scalars the way Go's encoder does. */
final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final char[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".toCharArray();
    /** ASCII characters that stand for themselves. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (int c = 0x20; c < 128; c++) {
            PLAIN[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
        }
    }

    private JsonText() {}

    /** A quoted string from UTF-8 bytes. */
    static void string(ByteSink out, byte[] in, int start, int end) {
        out.put('"');
        int from = start;
        int at = start;
        while (at < end) {
            byte b = in[at];
            if (b >= 0) {
                if (!PLAIN[b]) {
                    out.put(in, from, at);
                    escape(out, b);
                    from = at + 1;
                }
                at++;
                continue;
            }
            int size = Utf8.sequence(in, at, end);
            if (size == 0) {
                out.put(in, from, at);
                out.putAscii("\\ufffd");
                at++;
                from = at;
            } else if (b == (byte) 0xe2 && in[at + 1] == (byte) 0x80 && (in[at + 2] & 0xfe) == 0xa8) {
                out.put(in, from, at);
                out.putAscii("\\u202");
                out.put(HEX[in[at + 2] & 0xf]);
                at += size;
                from = at;
            } else {
                at += size;
            }
        }
        out.put(in, from, end);
        out.put('"');
    }

    static void string(ByteSink out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        string(out, bytes, 0, bytes.length);
    }

    private static void escape(ByteSink out, int c) {
        out.put('\\');
        switch (c) {
            case '"', '\\' -> out.put(c);
            case '\b' -> out.put('b');
            case '\f' -> out.put('f');
            case '\n' -> out.put('n');
            case '\r' -> out.put('r');
            case '\t' -> out.put('t');
            default -> {
                out.putAscii("u00");
                out.put(HEX[c >> 4]);
                out.put(HEX[c & 0xf]);
            }
        }
    }

    static void base64(ByteSink out, byte[] in, int start, int end) {
        out.put('"');
        int at = start;
        for (; at + 2 < end; at += 3) {
            int bits = (in[at] & 0xff) << 16 | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff);
            out.put(BASE64[bits >> 18]);
            out.put(BASE64[bits >> 12 & 63]);
            out.put(BASE64[bits >> 6 & 63]);
            out.put(BASE64[bits & 63]);
        }
        if (at < end) {
            int bits = (in[at] & 0xff) << 16 | (at + 1 < end ? (in[at + 1] & 0xff) << 8 : 0);
            out.put(BASE64[bits >> 18]);
            out.put(BASE64[bits >> 12 & 63]);
            out.put(at + 1 < end ? BASE64[bits >> 6 & 63] : '=');
            out.put('=');
        }
        out.put('"');
    }

    /** Shortest form; exponents only below 1e-6 and from 1e21 on. */
    static void number(ByteSink out, double value) {
        if (value == 0) {
            out.putAscii(1 / value < 0 ? "-0" : "0");
            return;
        }
        double size = Math.abs(value);
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (size >= 1e-6 && size < 1e21) {
            out.putAscii(decimal.toPlainString());
            return;
        }
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        out.putAscii(text.append('e')
                .append(exponent < 0 ? "" : "+")
                .append(exponent)
                .toString());
    }

    /** RFC 3339 in UTC; six digits of fraction where micros are asked for. */
    static void time(ByteSink out, long seconds, int nanos, boolean micros) {
        long days = Math.floorDiv(seconds, 86_400L);
        int second = (int) Math.floorMod(seconds, 86_400L);
        // Days since 0000-03-01, in eras of 400 years.
        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        int day = (int) Math.floorMod(shifted, 146_097L);
        int yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        int dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        out.put('"');
        out.putPadded((int) year, 4);
        out.put('-');
        out.putPadded(month, 2);
        out.put('-');
        out.putPadded(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2);
        out.put('T');
        out.putPadded(second / 3600, 2);
        out.put(':');
        out.putPadded(second / 60 % 60, 2);
        out.put(':');
        out.putPadded(second % 60, 2);
        if (micros) {
            out.put('.');
            out.putPadded(nanos / 1000, 6);
        }
        out.put('Z');
        out.put('"');
    }

    /** JSON as it is, without white space and with Go's escapes of HTML. */
    static void compact(ByteSink out, byte[] in, int start, int end) {
        boolean quoted = false;
        for (int at = start; at < end; at++) {
            byte b = in[at];
            if (quoted) {
                if (b == '\\' && at + 1 < end) {
                    out.put(b);
                    out.put(in[++at]);
                    continue;
                }
                if (b == '<' || b == '>' || b == '&') {
                    escape(out, b);
                    continue;
                }
                if (b == (byte) 0xe2 && at + 2 < end && in[at + 1] == (byte) 0x80 && (in[at + 2] & 0xfe) == 0xa8) {
                    out.putAscii("\\u202");
                    out.put(HEX[in[at + 2] & 0xf]);
                    at += 2;
                    continue;
                }
                quoted = b != '"';
                out.put(b);
            } else if (b > ' ' || b < 0) {
                quoted = b == '"';
                out.put(b);
            }
        }
    }
}

package io.jollyboat.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rewrites JSON of any shape the way upstream keeps objects without a type: keys sorted, the last of several equal keys
 * kept, no white space, numbers as Go prints them once it has read them as integers or as floating-point numbers. A
 * floating-point number stays one, as {@code 2.0}, until the object is written for others, which makes it {@code 2}.
 */
final class CanonicalJson {
    /** Trees of more levels than this cannot be read. */
    static final int MAX_DEPTH = 500;

    private final JsonScanner in;
    private final ByteSink out;
    private final boolean keepsFloats;

    /** @param keepsFloats whether {@code 2.0} is left as it is */
    CanonicalJson(JsonScanner in, ByteSink out, boolean keepsFloats) {
        this.in = in;
        this.out = out;
        this.keepsFloats = keepsFloats;
    }

    /** A member of an object: its name, and where in the output it stands, with its name. */
    private static final class Member {
        private final byte[] name;
        private final int start;
        private final int end;

        Member(byte[] name, int start, int end) {
            this.name = name;
            this.start = start;
            this.end = end;
        }
    }

    /** Copies the value that begins here. */
    void value(int depth) {
        if (depth > MAX_DEPTH) {
            throw DecodeException.syntax("exceeded max depth");
        }
        switch (in.value()) {
            case '{' -> {
                out.put('{');
                boolean more = in.enterObject();
                Members members = new Members();
                while (more) {
                    in.string();
                    byte[] name = Arrays.copyOfRange(in.text, in.textStart, in.textEnd);
                    in.colon();
                    members.begin(name);
                    value(depth + 1);
                    members.end();
                    more = in.nextKey();
                }
                members.close();
                out.put('}');
            }
            case '[' -> {
                out.put('[');
                boolean more = in.enterArray();
                while (more) {
                    value(depth + 1);
                    more = in.nextElement();
                    if (more) {
                        out.put(',');
                    }
                }
                out.put(']');
            }
            case '"' -> {
                in.string();
                JsonText.string(out, in.text, in.textStart, in.textEnd);
            }
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void literal(String word) {
        in.literal(word);
        out.putAscii(word);
    }

    private void number() {
        int start = in.number();
        String text = new String(in.in, start, in.at - start, StandardCharsets.US_ASCII);
        boolean integer = text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        if (integer && text.length() < 21) {
            try {
                out.putDecimal(Long.parseLong(text));
                return;
            } catch (NumberFormatException e) {
                // Too large for an integer: read as Go does, as a floating-point number.
            }
        }
        double number = Double.parseDouble(text);
        if (Double.isInfinite(number)) {
            throw TypeErrors.typeError("number " + text, "Go value of type float64");
        }
        JsonText.number(out, number);
        if (keepsFloats && Math.abs(number) < 1e21 && number == Math.rint(number)) {
            out.putAscii(".0");
        }
    }

    /** The members of an object as they are written, put in order in the end if they came otherwise. */
    final class Members {
        private final int base = out.length;
        private List<Member> found;
        private byte[] name;
        private byte[] last;
        private int start;
        private boolean ordered = true;

        void begin(byte[] next) {
            name = next;
            start = out.length;
            JsonText.string(out, next, 0, next.length);
            out.put(':');
        }

        void end() {
            ordered &= last == null || Arrays.compareUnsigned(last, name) < 0;
            last = name;
            found = found == null ? new ArrayList<>() : found;
            found.add(new Member(name, start, out.length));
            out.put(',');
        }

        /** Puts the members in order; the output then holds them, separated by commas. */
        void close() {
            if (found == null) {
                return;
            }
            out.length--;
            if (ordered) {
                return;
            }
            // Stable: the last of equal ones stays the last.
            found.sort((one, other) -> Arrays.compareUnsigned(one.name, other.name));
            byte[] written = Arrays.copyOfRange(out.bytes, base, out.length);
            out.length = base;
            for (int i = 0; i < found.size(); i++) {
                Member member = found.get(i);
                if (i + 1 < found.size() && Arrays.equals(found.get(i + 1).name, member.name)) {
                    continue;
                }
                if (out.length > base) {
                    out.put(',');
                }
                out.put(written, member.start - base, member.end - base);
            }
        }
    }
}

package io.jollyboat.codec;

/** A cursor over JSON bytes that fails with the texts of Go's scanner. */
final class JsonScanner {
    /** Upstream's limit on nesting. */
    private static final int MAX_DEPTH = 10_000;

    final byte[] in;
    final int end;
    int at;
    /** Content of the string read last, unescaped: {@code text[textStart..textEnd)}. */
    byte[] text;

    int textStart;
    int textEnd;
    private ByteSink scratch;

    JsonScanner(byte[] in) {
        this.in = in;
        this.end = in.length;
    }

    /** Skips white space; the next byte, or -1 at the end. */
    int peek() {
        while (at < end) {
            byte b = in[at];
            if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
                return b;
            }
            at++;
        }
        return -1;
    }

    /** The first byte of a value. */
    int value() {
        int b = peek();
        if (b < 0 && at >= end) {
            throw eof();
        }
        if (b == '{'
                || b == '['
                || b == '"'
                || b == '-'
                || b == 't'
                || b == 'f'
                || b == 'n'
                || (b >= '0' && b <= '9')) {
            return b;
        }
        throw invalid("looking for beginning of value");
    }

    /** Enters an object; false where it is empty. */
    boolean enterObject() {
        at++;
        int b = peek();
        if (b == '}') {
            at++;
            return false;
        }
        if (b != '"') {
            throw b < 0 && at >= end ? eof() : invalid("looking for beginning of object key string");
        }
        return true;
    }

    /** After a value in an object: true where another key follows. */
    boolean nextKey() {
        int b = peek();
        if (b == '}') {
            at++;
            return false;
        }
        if (b != ',') {
            throw b < 0 && at >= end ? eof() : invalid("after object key:value pair");
        }
        at++;
        if (peek() != '"') {
            throw at >= end ? eof() : invalid("looking for beginning of object key string");
        }
        return true;
    }

    void colon() {
        int b = peek();
        if (b != ':') {
            throw b < 0 && at >= end ? eof() : invalid("after object key");
        }
        at++;
    }

    /** Enters an array; false where it is empty. */
    boolean enterArray() {
        at++;
        if (peek() == ']') {
            at++;
            return false;
        }
        return true;
    }

    boolean nextElement() {
        int b = peek();
        if (b == ']') {
            at++;
            return false;
        }
        if (b != ',') {
            throw b < 0 && at >= end ? eof() : invalid("after array element");
        }
        at++;
        return true;
    }

    /** Reads a string that starts here. */
    void string() {
        at++;
        int start = at;
        while (at < end) {
            byte b = in[at];
            if (b == '"') {
                text = in;
                textStart = start;
                textEnd = at;
                at++;
                return;
            }
            if (b == '\\' || b < 0) {
                unescape(start);
                return;
            }
            if (b < 0x20) {
                throw invalid("in string literal");
            }
            at++;
        }
        throw eof();
    }

    private void unescape(int start) {
        if (scratch == null) {
            scratch = new ByteSink(256);
        }
        ByteSink sink = scratch;
        sink.length = 0;
        sink.put(in, start, at);
        while (at < end) {
            byte b = in[at];
            if (b == '"') {
                at++;
                text = sink.bytes;
                textStart = 0;
                textEnd = sink.length;
                return;
            }
            if (b == '\\') {
                at++;
                escape(sink);
            } else if (b >= 0) {
                if (b < 0x20) {
                    throw invalid("in string literal");
                }
                sink.put(b);
                at++;
            } else {
                int size = Utf8.sequence(in, at, end);
                if (size == 0) {
                    Utf8.append(sink, 0xfffd);
                    at++;
                } else {
                    sink.put(in, at, at + size);
                    at += size;
                }
            }
        }
        throw eof();
    }

    private void escape(ByteSink sink) {
        if (at >= end) {
            throw eof();
        }
        switch (in[at]) {
            case '"', '\\', '/' -> sink.put(in[at]);
            case 'b' -> sink.put('\b');
            case 'f' -> sink.put('\f');
            case 'n' -> sink.put('\n');
            case 'r' -> sink.put('\r');
            case 't' -> sink.put('\t');
            case 'u' -> {
                at++;
                unicode(sink);
                return;
            }
            default -> throw invalid("in string escape code");
        }
        at++;
    }

    private void unicode(ByteSink sink) {
        int unit = hex4();
        if (!Character.isSurrogate((char) unit)) {
            Utf8.append(sink, unit);
            return;
        }
        if (Character.isHighSurrogate((char) unit) && at + 1 < end && in[at] == '\\' && in[at + 1] == 'u') {
            int back = at;
            at += 2;
            int low = hex4();
            if (Character.isLowSurrogate((char) low)) {
                Utf8.append(sink, Character.toCodePoint((char) unit, (char) low));
                return;
            }
            at = back;
        }
        Utf8.append(sink, 0xfffd);
    }

    private int hex4() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            if (at >= end) {
                throw eof();
            }
            int digit = in[at] < 0 ? -1 : Character.digit(in[at], 16);
            if (digit < 0) {
                throw invalid("in \\u hexadecimal character escape");
            }
            value = value << 4 | digit;
            at++;
        }
        return value;
    }

    /** Reads a number that starts here; returns its first place. */
    int number() {
        int start = at;
        if (in[at] == '-') {
            at++;
            digit("in numeric literal");
        }
        if (in[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && in[at] == '.') {
            at++;
            digit("after decimal point in numeric literal");
            digits();
        }
        if (at < end && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (at < end && (in[at] == '+' || in[at] == '-')) {
                at++;
            }
            digit("in exponent of numeric literal");
            digits();
        }
        return start;
    }

    private void digit(String where) {
        if (at >= end) {
            throw eof();
        }
        if (in[at] < '0' || in[at] > '9') {
            throw invalid(where);
        }
    }

    private void digits() {
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
    }

    /** Reads true, false or null. */
    void literal(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at >= end) {
                throw eof();
            }
            if (in[at] != word.charAt(i)) {
                throw invalid("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
        }
    }

    /** Skips a value of any kind, without recursion. */
    void skip() {
        boolean[] objects = new boolean[32];
        int depth = 0;
        while (true) {
            boolean open = false;
            switch (value()) {
                case '{' -> {
                    if (enterObject()) {
                        open = true;
                        objects = push(objects, depth++, true);
                    }
                }
                case '[' -> {
                    if (enterArray()) {
                        open = true;
                        objects = push(objects, depth++, false);
                    }
                }
                case '"' -> string();
                case 't' -> literal("true");
                case 'f' -> literal("false");
                case 'n' -> literal("null");
                default -> number();
            }
            while (!open) {
                if (depth == 0) {
                    return;
                }
                open = objects[depth - 1] ? nextKey() : nextElement();
                if (!open) {
                    depth--;
                }
            }
            if (objects[depth - 1]) {
                string();
                colon();
            }
        }
    }

    private boolean[] push(boolean[] objects, int depth, boolean object) {
        if (depth >= MAX_DEPTH) {
            throw DecodeException.syntax("exceeded max depth");
        }
        boolean[] stack = depth < objects.length ? objects : java.util.Arrays.copyOf(objects, 2 * depth);
        stack[depth] = object;
        return stack;
    }

    /** Nothing but white space may follow. */
    void finish() {
        peek();
        if (at < end) {
            throw invalid("after top-level value");
        }
    }

    /** Throws where the input as a whole is no JSON. */
    void validate() {
        at = 0;
        skip();
        finish();
    }

    DecodeException eof() {
        return DecodeException.syntax("unexpected end of JSON input");
    }

    DecodeException invalid(String where) {
        return DecodeException.syntax("invalid character " + quote(in[at] & 0xff) + " " + where);
    }

    private static String quote(int c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            case '\\' -> "'\\\\'";
            case 7 -> "'\\a'";
            case '\b' -> "'\\b'";
            case '\f' -> "'\\f'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case 11 -> "'\\v'";
            default ->
                c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0xad
                        ? String.format(c < 0x80 ? "'\\x%02x'" : "'\\u%04x'", c)
                        : "'" + (char) c + "'";
        };
    }
}

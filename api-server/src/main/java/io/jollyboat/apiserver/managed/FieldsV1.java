package io.jollyboat.apiserver.managed;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Field sets as {@code fieldsV1} has them: {@code {"f:data":{".":{},"f:key":{}}}}. */
final class FieldsV1 {
    /** Most objects look like one that was seen before. */
    private static final int MAX_KNOWN = 1024;

    private static final int MAX_KNOWN_BYTES = 16 * 1024;
    private static final int MAX_DEPTH = 1000;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ConcurrentMap<ByteString, FieldSet> KNOWN = new ConcurrentHashMap<>();
    private static final byte[] NOTHING = {'{', '}'};
    private static final byte[] SELF = {'"', '.', '"', ':', '{', '}'};

    private FieldsV1() {}

    /**
     * @throws IllegalArgumentException where the bytes are no field set
     */
    static FieldSet parse(ByteString json) {
        FieldSet known = KNOWN.get(json);
        if (known != null) {
            return known;
        }
        FieldSet set = read(json.toByteArray());
        if (json.size() <= MAX_KNOWN_BYTES) {
            if (KNOWN.size() >= MAX_KNOWN) {
                KNOWN.clear();
            }
            KNOWN.put(json, set);
        }
        return set;
    }

    private static FieldSet read(byte[] json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.VALUE_NULL) {
                return FieldSet.EMPTY;
            }
            if (first != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("fields are no object");
            }
            FieldSet set = new FieldSet();
            object(parser, set, 0);
            return set.finished();
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    /** Whether the object's own path is in the set. */
    private static boolean object(JsonParser parser, FieldSet into, int depth) {
        boolean self = false;
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("fields are too deep");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            Step step = name.equals(".") ? null : Step.parse(name);
            if (step == null) {
                self |= name.equals(".");
                parser.skipChildren();
                continue;
            }
            FieldSet below = new FieldSet();
            boolean member = true;
            if (value == JsonToken.START_OBJECT) {
                member = object(parser, below, depth + 1) || below.isEmpty();
            } else if (value != JsonToken.VALUE_NULL) {
                throw new IllegalArgumentException("no object at " + name);
            }
            into.put(step, member, below);
        }
        return self;
    }

    static ByteString write(FieldSet set) {
        Writer out = new Writer(32 + 24 * set.size());
        out.object(set, false);
        return ByteString.copyFrom(out.toByteArray());
    }

    /** Unsynchronized growth of an array would be no faster: one thread's lock is cheap. */
    private static final class Writer extends ByteArrayOutputStream {
        Writer(int capacity) {
            super(capacity);
        }

        void object(FieldSet set, boolean self) {
            write('{');
            if (self) {
                writeBytes(SELF);
            }
            for (int i = 0; i < set.size(); i++) {
                if (i > 0 || self) {
                    write(',');
                }
                writeBytes(set.step(i).token());
                FieldSet child = set.childAt(i);
                if (child == null) {
                    writeBytes(NOTHING);
                } else {
                    object(child, set.isMember(i));
                }
            }
            write('}');
        }
    }
}

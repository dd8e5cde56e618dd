package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.outbound.HttpCaller.Streamed;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** The events of another server's watch, one after the other. One thread reads. */
public final class RemoteEvents implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

    private final Streamed answer;
    private final Bounded in;
    private final MappingIterator<JsonNode> events;

    RemoteEvents(Streamed answer) {
        this.answer = answer;
        this.in = new Bounded(answer.body());
        this.events = MAPPER.readerFor(JsonNode.class).readValues(in);
    }

    /** Waits for the next one; null at the end, also at one that comes in the middle of an event. */
    public JsonNode next() throws IOException {
        try {
            in.left = MAX_EVENT_BYTES;
            return events.hasNextValue() ? events.nextValue() : null;
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IOException("not an event: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() {
        answer.close();
    }

    /** One event may not be endless. */
    private static final class Bounded extends FilterInputStream {
        private int left = MAX_EVENT_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return counted(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            return counted(count, count);
        }

        private int counted(int result, int count) throws IOException {
            left -= Math.max(0, count);
            if (left < 0) {
                throw new IOException("an event is larger than " + MAX_EVENT_BYTES + " bytes");
            }
            return result;
        }
    }
}

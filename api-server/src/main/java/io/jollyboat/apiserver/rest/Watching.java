package io.jollyboat.apiserver.rest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.PartialObjectMetadata;
import io.jollyboat.api.meta.v1.WatchEvent;
import io.jollyboat.api.runtime.RawExtension;
import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.EntryEncoder;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * The frames of a watch. Frames of whole objects are made once per version of an object and shared by all watchers that
 * want the same representation.
 */
final class Watching {
    private static final byte[] NEWLINE_END = "}\n".getBytes(StandardCharsets.UTF_8);

    private final Renderer renderer;
    private final Tables tables;
    private final Counter sent;

    Watching(Renderer renderer, Tables tables, Metrics metrics) {
        this.sent = metrics.counter(
                "apiserver_watch_events_total", "Events sent to watches.", "group", "version", "resource");
        this.renderer = renderer;
        this.tables = tables;
    }

    /** Makes the frames of objects. Equal ones give the same bytes, which an entry remembers. */
    private record FrameEncoder(Renderer renderer, ResourceType<?> type, Format format, CacheEvent.Type event)
            implements EntryEncoder {
        @Override
        public byte[] encode(Entry entry) {
            Representation plain = new Representation(format, Representation.Shape.OBJECT, "v1", false);
            return bytes(format, event.name(), renderer.entry(type, entry, plain));
        }
    }

    /** One watch's way of writing. */
    Frames frames(ResourceType<?> type, Representation how, String includeObject) {
        return new Frames(type, how, includeObject);
    }

    final class Frames {
        private final ResourceType<?> type;
        private final Representation how;
        private final String includeObject;
        private final Map<CacheEvent.Type, EntryEncoder> shared = new EnumMap<>(CacheEvent.Type.class);
        private final CounterDataPoint events;
        private boolean columnsSent;

        Frames(ResourceType<?> type, Representation how, String includeObject) {
            this.type = type;
            this.events = sent.labelValues(type.group(), type.version(), type.plural());
            this.how = how;
            this.includeObject = includeObject;
        }

        /** Whether frames of objects are made once for all watchers, rather than for this one. */
        boolean areShared() {
            return how.shape() == Representation.Shape.OBJECT;
        }

        ByteBuf frame(CacheEvent event) {
            events.inc();
            return switch (event.type()) {
                case BOOKMARK -> raw("BOOKMARK", bookmark(event.revision(), false));
                case INITIAL_EVENTS_END -> raw("BOOKMARK", bookmark(event.revision(), true));
                case ADDED, MODIFIED, DELETED -> object(event);
            };
        }

        private ByteBuf object(CacheEvent event) {
            if (how.shape() == Representation.Shape.OBJECT) {
                EntryEncoder encoder = shared.computeIfAbsent(
                        event.type(), kind -> new FrameEncoder(renderer, type, how.format(), kind));
                return Unpooled.wrappedBuffer(event.entry().encoded(encoder));
            }
            byte[] shown;
            if (how.shape() == Representation.Shape.TABLE) {
                shown = tables.row(type, event.entry(), includeObject, how, !columnsSent);
                columnsSent = true;
            } else {
                shown = renderer.metadata(event.entry(), how);
            }
            return raw(event.type().name(), shown);
        }

        private ByteBuf raw(String event, byte[] object) {
            return Unpooled.wrappedBuffer(bytes(how.format(), event, object));
        }

        /** An object that carries nothing but a resourceVersion. */
        private byte[] bookmark(long revision, boolean endsInitial) {
            ObjectMeta.Builder meta = ObjectMeta.newBuilder().setResourceVersion(Long.toString(revision));
            if (endsInitial) {
                meta.putAnnotations("k8s.io/initial-events-end", "true");
            }
            if (how.shape() == Representation.Shape.TABLE) {
                boolean columns = !columnsSent;
                columnsSent = true;
                return tables.bookmark(type, meta.build(), how, columns);
            }
            if (how.shape() != Representation.Shape.OBJECT) {
                Message partial =
                        PartialObjectMetadata.newBuilder().setMetadata(meta).build();
                return Renderer.message(partial, "meta.k8s.io/" + how.metaVersion(), "PartialObjectMetadata", how);
            }
            return Renderer.message(type.withMeta(type.prototype(), meta.build()), type.apiVersion(), type.kind(), how);
        }

        ByteBuf error(ApiException failure) {
            return raw("ERROR", Renderer.message(failure.status(), "v1", "Status", how.plain()));
        }
    }

    private static byte[] bytes(Format format, String event, byte[] object) {
        if (format == Format.PROTOBUF) {
            byte[] message = WatchEvent.newBuilder()
                    .setType(event)
                    .setObject(RawExtension.newBuilder().setRaw(ByteString.copyFrom(object)))
                    .build()
                    .toByteArray();
            ByteBuf frame = Unpooled.buffer(message.length + 4, message.length + 4);
            frame.writeInt(message.length).writeBytes(message);
            return frame.array();
        }
        byte[] head = ("{\"type\":\"" + event + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + object.length + NEWLINE_END.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(object, 0, all, head.length, object.length);
        System.arraycopy(NEWLINE_END, 0, all, head.length + object.length, NEWLINE_END.length);
        return all;
    }
}

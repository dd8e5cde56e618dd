package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.cache.CacheEvent;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.request.ListQuery;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Watches over HTTP: a stream of frames until the time is over, either side ends it, or the reader is too slow. */
final class WatchHandler implements AutoCloseable {
    private static final int MIN_SECONDS = 1800;
    private static final int PORTION_BYTES = 64 * 1024;

    private final Runtime runtime;
    private final ResourceService resources;
    private final Watching watching;
    private final Set<CacheWatch> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    WatchHandler(Runtime runtime, ResourceService resources, Watching watching) {
        this.runtime = runtime;
        this.resources = resources;
        this.watching = watching;
    }

    void handle(HttpExchange exchange, Target target) throws InterruptedException {
        Representation how =
                Negotiation.watch(exchange.header("Accept"), !target.type().isCustom());
        ListQuery query = ListQuery.of(exchange.query(), true);
        Watching.Frames frames =
                watching.frames(target.type(), how, exchange.query().text("includeObject"));
        WatchSink sink = WebSocketUpgrade.isWanted(exchange)
                ? WebSocketUpgrade.watchSink(exchange)
                : new StreamSink(exchange, contentType(how));
        CacheWatch watch;
        try {
            watch = resources.watch(target, query);
        } catch (ApiException e) {
            if (e.code() != 410 && e.code() != 504) {
                throw e;
            }
            sink.begin();
            sink.write(frames.error(e));
            sink.end();
            return;
        }
        stream(exchange, sink, frames, watch, query);
    }

    private static String contentType(Representation how) {
        return how.format() == Format.PROTOBUF
                ? how.format().mediaType() + ";stream=watch"
                : how.format().mediaType();
    }

    private void stream(
            HttpExchange exchange, WatchSink sink, Watching.Frames frames, CacheWatch watch, ListQuery query)
            throws InterruptedException {
        Long asked = query.timeoutSeconds();
        long seconds = asked != null && asked > 0
                ? asked
                : MIN_SECONDS + runtime.random().nextInt(MIN_SECONDS);
        running.add(watch);
        if (closed) {
            watch.close();
        }
        exchange.onGone(watch::close);
        WatchDeadline deadline = new WatchDeadline(runtime, watch, Duration.ofSeconds(seconds));
        try (watch) {
            sink.begin();
            if (frames.areShared() && !sink.framed()) {
                follow(exchange, sink, frames, watch);
            } else {
                pump(exchange, sink, frames, watch);
            }
            sink.end();
        } finally {
            deadline.cancel();
            running.remove(watch);
        }
    }

    /** The backlog, which may have to be encoded, on this thread; what happens after on the event loop. */
    private static void follow(HttpExchange exchange, WatchSink sink, Watching.Frames frames, CacheWatch watch)
            throws InterruptedException {
        try {
            while (watch.hasBacklog()) {
                if (!write(sink, frames, watch.take())) {
                    return;
                }
            }
            exchange.settled();
            new LivePump(exchange, frames, watch).pump();
        } catch (ApiException e) {
            sink.write(frames.error(e));
        }
    }

    private static void pump(HttpExchange exchange, WatchSink sink, Watching.Frames frames, CacheWatch watch)
            throws InterruptedException {
        try {
            while (true) {
                if (!watch.hasBacklog()) {
                    exchange.settled();
                }
                List<CacheEvent> events = watch.take();
                if (events.isEmpty() || !write(sink, frames, events)) {
                    return;
                }
            }
        } catch (ApiException e) {
            sink.write(frames.error(e));
        }
    }

    /** In portions: a slow client's frames are not made before there is room for them. */
    private static boolean write(WatchSink sink, Watching.Frames frames, List<CacheEvent> events)
            throws InterruptedException {
        List<ByteBuf> portion = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            ByteBuf frame = frames.frame(events.get(i));
            portion.add(frame);
            bytes += frame.readableBytes();
            if (bytes >= PORTION_BYTES || i == events.size() - 1) {
                ByteBuf[] made = portion.toArray(ByteBuf[]::new);
                if (!sink.write(sink.framed() ? made : new ByteBuf[] {Unpooled.wrappedBuffer(made)})) {
                    return false;
                }
                portion.clear();
                bytes = 0;
            }
        }
        return true;
    }

    /** Ends all watches in good order, so that clients go elsewhere. */
    @Override
    public void close() {
        closed = true;
        running.forEach(CacheWatch::close);
    }

    /** Where a watch's frames go. */
    interface WatchSink {
        void begin();

        /** Waits while the client is slow; false when it is gone. */
        boolean write(ByteBuf... frames) throws InterruptedException;

        /** Whether each frame must stay apart from the others. */
        boolean framed();

        void end();
    }

    private record StreamSink(HttpExchange exchange, String contentType) implements WatchSink {
        @Override
        public void begin() {
            exchange.begin(200, contentType);
        }

        @Override
        public boolean write(ByteBuf... frames) throws InterruptedException {
            boolean there = true;
            for (ByteBuf frame : frames) {
                there = exchange.write(frame);
            }
            return there;
        }

        @Override
        public boolean framed() {
            return false;
        }

        @Override
        public void end() {
            exchange.end();
        }
    }
}

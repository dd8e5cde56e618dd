package io.jollyboat.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Cuts a stream of buffers into lines. */
final class LineSplitter {
    private final Consumer<ByteBuf> consumer;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    LineSplitter(Consumer<ByteBuf> consumer) {
        this.consumer = consumer;
    }

    void add(ByteBuf part) {
        int end = part.indexOf(part.readerIndex(), part.writerIndex(), (byte) '\n');
        if (end < 0 || rest.isReadable()) {
            ByteBuf joined = Unpooled.buffer(rest.readableBytes() + part.readableBytes());
            joined.writeBytes(rest).writeBytes(part);
            rest.release();
            rest = joined;
        } else {
            rest.release();
            rest = part.retainedSlice();
        }
        int newline = rest.indexOf(rest.readerIndex(), rest.writerIndex(), (byte) '\n');
        while (newline >= 0) {
            consumer.accept(rest.slice(rest.readerIndex(), newline - rest.readerIndex()));
            rest.readerIndex(newline + 1);
            newline = rest.indexOf(rest.readerIndex(), rest.writerIndex(), (byte) '\n');
        }
        if (rest.isReadable()) {
            ByteBuf kept = Unpooled.copiedBuffer(rest);
            rest.release();
            rest = kept;
        } else {
            rest.release();
            rest = Unpooled.EMPTY_BUFFER;
        }
    }

    void release() {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
    }
}

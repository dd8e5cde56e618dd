package io.jollyboat.kubelet.logs;

import com.google.protobuf.ByteString;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Reads one container's log, and goes on reading while the container runs if that is asked for; survives rotation. */
public final class LogReader {
    private static final int BUFFER = 64 << 10;
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path file;
    private final LogOptions options;
    private final BooleanSupplier running;
    private final Runtime runtime;
    private final OutputStream out;
    private byte[] pending = new byte[0];
    private boolean midLine;
    private long written;
    private Object lastKey;

    /** @param running whether more may come */
    public LogReader(Path file, LogOptions options, BooleanSupplier running, Runtime runtime, OutputStream out) {
        this.file = file;
        this.options = options;
        this.running = running;
        this.runtime = runtime;
        this.out = out;
    }

    /** Copies what is asked for; returns at the end of it, or when the reader of it is gone (IOException). */
    public void copy() throws IOException, InterruptedException {
        RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
        try {
            in.seek(options.tailLines() >= 0 ? tailStart(in, options.tailLines()) : 0);
            while (true) {
                // Asked before reading: what was written before the end is read after it.
                boolean more = options.follow() && running.getAsBoolean();
                boolean full = readAll(in);
                out.flush();
                if (full || !more) {
                    return;
                }
                RandomAccessFile rotated = rotated(in);
                if (rotated != null) {
                    in.close();
                    in = rotated;
                } else {
                    runtime.sleep(POLL);
                }
            }
        } finally {
            in.close();
        }
    }

    /** Answers whether the limit is reached. */
    private boolean readAll(RandomAccessFile in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
            byte[] all = new byte[pending.length + n];
            System.arraycopy(pending, 0, all, 0, pending.length);
            System.arraycopy(buffer, 0, all, pending.length, n);
            int begin = 0;
            for (int i = pending.length; i < all.length; i++) {
                if (all[i] == '\n') {
                    if (write(LogLine.parse(all, begin, i))) {
                        return true;
                    }
                    begin = i + 1;
                }
            }
            pending = java.util.Arrays.copyOfRange(all, begin, all.length);
        }
        return false;
    }

    private boolean write(LogLine line) throws IOException {
        boolean wanted = line != null
                && (line.stderr() ? options.err() : options.out())
                && (options.since() == null || !line.instant().isBefore(options.since()));
        if (!wanted) {
            return false;
        }
        if (options.timestamps() && !midLine) {
            if (put(ByteString.copyFrom(line.time() + " ", StandardCharsets.US_ASCII))) {
                return true;
            }
        }
        midLine =
                line.content().isEmpty() || line.content().byteAt(line.content().size() - 1) != '\n';
        return put(line.content());
    }

    private boolean put(ByteString bytes) throws IOException {
        ByteString allowed = bytes;
        if (options.limitBytes() >= 0) {
            allowed = bytes.substring(0, (int) Math.min(bytes.size(), options.limitBytes() - written));
        }
        allowed.writeTo(out);
        written += allowed.size();
        return options.limitBytes() >= 0 && written >= options.limitBytes();
    }

    /** Where the last lines begin. */
    private static long tailStart(RandomAccessFile in, long lines) throws IOException {
        long end = in.length();
        if (lines == 0) {
            return end;
        }
        long seen = 0;
        byte[] block = new byte[BUFFER];
        for (long from = end; from > 0; ) {
            int size = (int) Math.min(block.length, from);
            from -= size;
            in.seek(from);
            in.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                // The line feed at the very end closes the last line.
                if (block[i] == '\n' && from + i < end - 1 && ++seen == lines) {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    /** The file of that name, if it is another one by now. */
    private RandomAccessFile rotated(RandomAccessFile in) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            if (lastKey == null) {
                lastKey = key;
            }
            boolean same = Objects.equals(key, lastKey) && Files.size(file) >= in.getFilePointer();
            lastKey = key;
            return same ? null : new RandomAccessFile(file.toFile(), "r");
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}

package io.jollyboat.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lets one command at a time change a cluster. The lock's file is there only while it is held. */
final class ClusterLock implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private ClusterLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static ClusterLock take(String cluster, ClusterPaths paths) {
        Path file = paths.run().getParent().resolve(cluster + ".lock");
        try {
            while (true) {
                Files.createDirectories(file.getParent());
                FileChannel channel = open(file);
                FileLock lock = channel == null ? null : channel.tryLock();
                if (channel != null && lock == null) {
                    channel.close();
                    throw new CliException("another jolly command" + holder(file) + " is at work on the cluster "
                            + cluster + ": wait for it to end");
                }
                // Its last holder may have removed the file between opening and locking.
                if (channel != null && isStill(file, channel)) {
                    return new ClusterLock(file, channel);
                }
                if (channel != null) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw CliException.of("cannot lock the cluster with", file, e);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null; // the folder was removed by the last holder
        }
    }

    /**
     * Whether the path names the file that the channel has open: its size follows what is written here. Looked at without
     * opening it again, since closing any of a file's descriptors gives up the process's locks on it.
     */
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
        try {
            channel.truncate(0);
            if (Files.size(file) != 0) {
                return false;
            }
            channel.write(ByteBuffer.wrap(pid), 0);
            return Files.size(file) == pid.length;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String holder(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.matches("\\d+") ? " (process " + text + ")" : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
            ClusterPaths.deleteIfEmpty(file.getParent());
        } catch (IOException e) {
            throw Shell.unchecked(e);
        }
    }
}

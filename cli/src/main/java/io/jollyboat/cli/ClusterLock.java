package io.jollyboat.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lets one command at a time change a cluster. */
final class ClusterLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private ClusterLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    static ClusterLock take(String cluster, ClusterPaths paths) {
        try {
            Path folder = paths.run().getParent();
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(cluster + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new CliException("another jolly command is at work on this cluster: wait for it to end");
            }
            return new ClusterLock(channel, lock);
        } catch (IOException e) {
            throw new CliException("cannot lock the cluster: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw Shell.unchecked(e);
        }
    }
}

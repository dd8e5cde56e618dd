package io.jollyboat.apiserver;

import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells of files that may have changed: when something happens in their folders, as the kernel says it, and once a
 * minute, since not every file system does. Whoever is told looks whether it was his.
 */
final class ConfigFiles implements BackgroundTask {
    private static final Log LOG = Log.of(ConfigFiles.class);
    private static final long MOST_SECONDS = 60;
    private static final Duration SETTLE = Duration.ofMillis(20);

    private final Runtime runtime;
    private final Map<Path, Runnable> files;
    private WatchService watch;
    private Thread thread;

    /** @param files with what to do when they change; it must be quick, and throw nothing */
    ConfigFiles(Runtime runtime, Map<Path, Runnable> files) {
        this.runtime = runtime;
        this.files = Map.copyOf(files);
    }

    @Override
    public synchronized void start() {
        if (files.isEmpty()) {
            return;
        }
        try {
            watch = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            // Such as when the user has too many of them already.
            LOG.warn("changed files are noticed once a minute only", "reason", e.toString());
        }
        WatchService service = watch;
        thread = runtime.start("configuration files", () -> run(service));
    }

    private void run(WatchService service) {
        try {
            Set<Path> followed = new HashSet<>();
            while (!Thread.currentThread().isInterrupted()) {
                if (service == null) {
                    runtime.sleep(Duration.ofSeconds(MOST_SECONDS));
                } else {
                    follow(service, followed);
                    // What changed before anyone looked.
                    files.values().forEach(Runnable::run);
                    await(service, followed);
                }
                files.values().forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            LOG.debug("configuration files are not followed any more");
        }
    }

    /** The file may be a link, as in a mounted ConfigMap: a change of the link is seen in its own folder. */
    private void follow(WatchService service, Set<Path> followed) {
        for (Path file : files.keySet()) {
            Path folder = file.toAbsolutePath().getParent();
            if (followed.contains(folder)) {
                continue;
            }
            try {
                var _ = folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                followed.add(folder);
            } catch (IOException e) {
                LOG.debug("a folder cannot be followed", "folder", folder, "reason", e.toString());
            }
        }
    }

    private void await(WatchService service, Set<Path> followed) throws InterruptedException {
        WatchKey key = service.poll(MOST_SECONDS, TimeUnit.SECONDS);
        if (key == null) {
            return;
        }
        // A file is often written in several steps.
        runtime.sleep(SETTLE);
        for (WatchKey one = key; one != null; one = service.poll()) {
            one.pollEvents();
            if (!one.reset() && one.watchable() instanceof Path folder) {
                followed.remove(folder);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException e) {
                LOG.debug("closing failed", "reason", e.toString());
            }
        }
    }
}

package io.jollyboat.process;

import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.JavaLogging;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.metrics.ProcessMetrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.TlsException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The main method of every process: {@code NAME --config FILE}. Wrong arguments or configuration, a port in use and the
 * like end it with exit code 1 and one clear line on standard error per error; SIGTERM and SIGINT close it in order and
 * end it with 0.
 */
public final class ProcessMain<C extends Record> {
    private static final Log LOG = Log.of(ProcessMain.class);
    /** Then the process ends, whatever still runs. */
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);

    private final String name;
    private final Class<C> configType;
    private final Starter<C> starter;
    private final AtomicReference<AutoCloseable> running = new AtomicReference<>();
    private final AtomicReference<String> fatal = new AtomicReference<>();

    private ProcessMain(String name, Class<C> configType, Starter<C> starter) {
        this.name = name;
        this.configType = configType;
        this.starter = starter;
    }

    /** Does not return but by ending the process. */
    public static <C extends Record> void run(String name, String[] args, Class<C> configType, Starter<C> starter) {
        new ProcessMain<>(name, configType, starter).run(args);
    }

    /** Starts a component. */
    @FunctionalInterface
    public interface Starter<C> {
        /** Answers what to close at the end. What it had started it closes itself when it throws. */
        AutoCloseable start(C config, ProcessContext context) throws Exception;
    }

    private void run(String[] args) {
        long begin = SystemRuntime.instance().nanoTime();
        JavaLogging.redirect();
        Path file = configFile(args);
        C config;
        try {
            config = ConfigLoader.load(file, configType);
        } catch (ConfigException e) {
            e.errors().forEach(this::complain);
            System.exit(1);
            return;
        }
        CountDownLatch end = new CountDownLatch(1);
        Metrics metrics = new Metrics();
        ProcessMetrics.register(metrics);
        ProcessContext context = new ProcessContext(SystemRuntime.instance(), metrics, reason -> {
            if (fatal.compareAndSet(null, reason)) {
                end.countDown();
            }
        });
        try {
            running.set(starter.start(config, context));
        } catch (Exception e) {
            complain(describe(e));
            if (!isExpected(e)) {
                LOG.error("start failed", e, "process", name);
            }
            System.exit(1);
        }
        SystemRuntime.instance().onShutdown(this::shutdown);
        LOG.info("started", "process", name, "millis", (SystemRuntime.instance().nanoTime() - begin) / 1_000_000);
        awaitFatal(end);
    }

    private void awaitFatal(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        complain(fatal.get());
        System.exit(1);
    }

    /** In the JVM's shutdown: after a signal, or after a fatal error. */
    private void shutdown() {
        boolean failed = fatal.get() != null;
        LOG.info("stopping", "process", name);
        AutoCloseable component = running.get();
        Thread closing = SystemRuntime.instance().start("close", () -> close(component));
        try {
            if (!closing.join(CLOSE_DEADLINE)) {
                LOG.warn("not closed in time, ending anyway", "process", name, "deadline", CLOSE_DEADLINE);
                failed = true;
            }
        } catch (InterruptedException e) {
            failed = true;
        }
        // An orderly end is no failure; left alone, the JVM would report the signal.
        java.lang.Runtime.getRuntime().halt(failed ? 1 : 0);
    }

    private void close(AutoCloseable component) {
        try {
            component.close();
        } catch (Exception e) {
            LOG.error("close failed", e, "process", name);
        }
    }

    private Path configFile(String[] args) {
        if (args.length == 1 && args[0].startsWith("--config=")) {
            return Path.of(args[0].substring("--config=".length()));
        }
        if (args.length == 2 && args[0].equals("--config")) {
            return Path.of(args[1]);
        }
        boolean help = args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"));
        (help ? System.out : System.err).println("usage: " + name + " --config FILE");
        System.exit(help ? 0 : 1);
        throw new IllegalStateException("unreachable");
    }

    private void complain(String line) {
        System.err.println(name + ": " + line);
    }

    private static boolean isExpected(Exception e) {
        return e instanceof StartException
                || e instanceof BindException
                || e instanceof ApiException
                || e instanceof TlsException;
    }

    private static String describe(Exception e) {
        if (e instanceof BindException && e.getMessage() != null) {
            return "cannot listen: " + e.getMessage();
        }
        return isExpected(e) && e.getMessage() != null ? e.getMessage() : "start failed: " + e;
    }
}

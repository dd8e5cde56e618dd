package io.jollyboat.proxy.netns;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace held by one thread. Sockets opened by {@link #in}'s tasks, and processes started by them, are in
 * it, wherever they are used later.
 */
public final class NetNamespace implements AutoCloseable {
    private static final int NEW_NETWORK = 0x4000_0000;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("netns").factory());
    private final Thread holder;
    private final String path;

    public NetNamespace() {
        this.holder = in(Thread::currentThread);
        this.path = in(() -> {
            int result = (int) call("unshare", ValueLayout.JAVA_INT).invokeExact(NEW_NETWORK);
            if (result != 0) {
                throw new IllegalStateException("unshare failed: not root?");
            }
            int id = (int) call("gettid").invokeExact();
            return "/proc/" + ProcessHandle.current().pid() + "/task/" + id + "/ns/net";
        });
        sh("ip link set lo up");
    }

    /** Skips the test where it cannot have namespaces and rules of its own. */
    public static void assume() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux") && "root".equals(System.getProperty("user.name")),
                "needs Linux and root, for network namespaces");
        for (String tool : new String[] {"ip", "nft"}) {
            Assumptions.assumeTrue(
                    Files.isExecutable(Path.of("/usr/sbin/" + tool)) || Files.isExecutable(Path.of("/sbin/" + tool)),
                    "needs the command " + tool + " (packages iproute2, nftables)");
        }
    }

    @SuppressWarnings("restricted") // The C library's own signatures: ints in, an int out.
    private static MethodHandle call(String name, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** Where iproute2 finds the namespace. */
    public String path() {
        return path;
    }

    /** A task that may throw anything. */
    public interface Task<T> {
        T run() throws Throwable;
    }

    /** Runs a task inside, and waits for it. */
    public <T> T in(Task<T> task) {
        Callable<T> callable = () -> {
            try {
                return task.run();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        };
        try {
            return Thread.currentThread().equals(holder)
                    ? callable.call()
                    : thread.submit(callable).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a shell line inside; answers what it prints. */
    public String sh(String line) {
        return in(() -> {
            Process process = new ProcessBuilder("sh", "-ec", line)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(line + ": " + output);
            }
            return output;
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

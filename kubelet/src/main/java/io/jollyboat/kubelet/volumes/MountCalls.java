package io.jollyboat.kubelet.volumes;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** mount(2) and umount2(2), called in-process: a child process per volume would cost more than the rest of a pod's start. */
final class MountCalls {
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final int MNT_DETACH = 2;
    private static final int EINVAL = 22;
    private static final int ENOENT = 2;

    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle MOUNT = function(
            "mount",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle UMOUNT =
            function("umount2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private MountCalls() {}

    /** @param options such as {@code size=1048576}; empty for none */
    static void tmpfs(Path target, String options) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            MemorySegment type = arena.allocateFrom("tmpfs");
            int result = (int) MOUNT.invokeExact(
                    state,
                    type,
                    arena.allocateFrom(target.toString()),
                    type,
                    MS_NOSUID | MS_NODEV,
                    arena.allocateFrom(options));
            if (result != 0) {
                throw new IOException("mount tmpfs on " + target + ": errno " + (int) ERRNO.get(state, 0L));
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes away what is mounted there, if anything. */
    static void unmount(Path target) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int result = (int) UMOUNT.invokeExact(state, arena.allocateFrom(target.toString()), MNT_DETACH);
            int errno = (int) ERRNO.get(state, 0L);
            if (result != 0 && errno != EINVAL && errno != ENOENT) {
                throw new IOException("umount " + target + ": errno " + errno);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Mount points at or under the folder, deepest first. */
    static List<Path> under(Path folder) throws IOException {
        String prefix = folder + "/";
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[4].replace("\\040", " "))
                .filter(point -> point.startsWith(prefix) || point.equals(folder.toString()))
                .sorted(java.util.Comparator.reverseOrder())
                .map(Path::of)
                .toList();
    }

    @SuppressWarnings("restricted") // both functions are called with arguments of their C types
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }
}

package io.jollyboat.proxy.linux;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The C library's socket calls. */
final class Libc {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = handle("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle SEND = handle("send", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT));
    private static final MethodHandle RECEIVE = handle("recv", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT));
    private static final MethodHandle SET_OPTION =
            handle("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(INT, INT));

    private Libc() {}

    @SuppressWarnings("restricted") // The signatures are the C library's own.
    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
    }

    static int socket(int domain, int type, int protocol) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return (int) check("socket", (int) SOCKET.invokeExact(state, domain, type, protocol), state);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Sets a struct timeval option. */
    static void setTimeout(int socket, int level, int option, int seconds) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment time = arena.allocate(16, 8);
            time.set(LONG, 0, seconds);
            check("setsockopt", (int) SET_OPTION.invokeExact(state, socket, level, option, time, 16), state);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void send(int socket, byte[] message) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            check("send", (long) SEND.invokeExact(state, socket, bytes, (long) message.length, 0), state);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static byte[] receive(int socket, int limit) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment bytes = arena.allocate(limit);
            long length = check("recv", (long) RECEIVE.invokeExact(state, socket, bytes, (long) limit, 0), state);
            return bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void close(int socket) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            check("close", (int) CLOSE.invokeExact(state, socket), state);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static long check(String call, long result, MemorySegment state) throws NetlinkException {
        if (result < 0) {
            throw new NetlinkException(call, state.get(INT, ERRNO));
        }
        return result;
    }

    private static IOException rethrow(Throwable e) throws IOException {
        switch (e) {
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException("the C library could not be called", e);
        }
    }
}

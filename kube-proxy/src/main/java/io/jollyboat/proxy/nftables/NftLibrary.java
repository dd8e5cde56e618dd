package io.jollyboat.proxy.nftables;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** libnftables in this process: a small change takes a millisecond. Not thread-safe. */
@SuppressWarnings("restricted") // The signatures are libnftables' own.
final class NftLibrary implements NftRunner {
    private static final int OUTPUT_TERSE = 1 << 11;

    private final Arena arena;
    private final MemorySegment context;
    private final MethodHandle run;
    private final MethodHandle output;
    private final MethodHandle error;
    private final MethodHandle free;

    /** @throws IllegalArgumentException where the library is not installed */
    static NftLibrary load() {
        Arena arena = Arena.ofShared();
        try {
            return new NftLibrary(arena, SymbolLookup.libraryLookup("libnftables.so.1", arena));
        } catch (IllegalArgumentException e) {
            arena.close();
            throw e;
        }
    }

    private NftLibrary(Arena arena, SymbolLookup library) {
        this.arena = arena;
        MethodHandle create =
                handle(library, "nft_ctx_new", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        FunctionDescriptor status = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        FunctionDescriptor text = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        this.run = handle(
                library,
                "nft_run_cmd_from_buffer",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        this.output = handle(library, "nft_ctx_get_output_buffer", text);
        this.error = handle(library, "nft_ctx_get_error_buffer", text);
        this.free = handle(library, "nft_ctx_free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        try {
            this.context = (MemorySegment) create.invokeExact(0);
            int buffered =
                    (int) handle(library, "nft_ctx_buffer_output", status).invokeExact(context);
            int bufferedErrors =
                    (int) handle(library, "nft_ctx_buffer_error", status).invokeExact(context);
            if (context.address() == 0 || buffered != 0 || bufferedErrors != 0) {
                throw new IllegalStateException("libnftables gave no context");
            }
            handle(
                            library,
                            "nft_ctx_output_set_flags",
                            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                    .invokeExact(context, OUTPUT_TERSE);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libnftables could not be called", e);
        }
    }

    private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor type) {
        MemorySegment symbol = library.find(name)
                .orElseThrow(() -> new IllegalArgumentException("libnftables has no function " + name));
        return Linker.nativeLinker().downcallHandle(symbol, type);
    }

    @Override
    public String run(String commands) throws IOException {
        try (Arena local = Arena.ofConfined()) {
            int result = (int) run.invokeExact(context, local.allocateFrom(commands));
            String printed = string((MemorySegment) output.invokeExact(context));
            String errors = string((MemorySegment) error.invokeExact(context));
            if (result != 0) {
                throw new IOException("nft refused the transaction: " + errors.strip());
            }
            return printed;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libnftables could not be called", e);
        }
    }

    private static String string(MemorySegment text) {
        return text.address() == 0 ? "" : text.reinterpret(Long.MAX_VALUE).getString(0);
    }

    @Override
    public void close() {
        try {
            free.invokeExact(context);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libnftables could not be called", e);
        } finally {
            arena.close();
        }
    }
}

package io.jollyboat.kubelet.volumes;

import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a volume's files so that a reader sees all old or all new: they lie in a timestamped folder, {@code ..data}
 * points to it, and the visible names point through {@code ..data}.
 */
final class AtomicWriter {
    private static final String DATA = "..data";
    private static final String NEW_DATA = "..data_tmp";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss").withZone(ZoneOffset.UTC);

    private final Path target;
    private final Runtime runtime;

    AtomicWriter(Path target, Runtime runtime) {
        this.target = target;
        this.runtime = runtime;
    }

    /** @param group owner of all files, or -1 for root; it may read what the owner may */
    void write(FilePayload payload, long group) throws IOException {
        Path current = current();
        if (current != null && same(current, payload, group)) {
            return;
        }
        Path fresh = Files.createDirectory(target.resolve(".." + STAMP.format(runtime.now()) + "."
                + Integer.toUnsignedString(runtime.random().nextInt())));
        Ownership.apply(fresh, -1, group, group < 0 ? 0755 : 02770);
        for (Map.Entry<String, FilePayload.Entry> file : payload.files().entrySet()) {
            Path path = fresh.resolve(file.getKey());
            for (Path folder = path.getParent();
                    !folder.equals(fresh) && !Files.exists(folder);
                    folder = folder.getParent()) {
                Files.createDirectories(folder);
                Ownership.apply(folder, -1, group, group < 0 ? 0755 : 02770);
            }
            FilePayload.Entry entry = file.getValue();
            Files.write(path, entry.content().toByteArray());
            Ownership.apply(path, entry.owner(), group, mode(entry, group));
        }
        Path link = target.resolve(NEW_DATA);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, target.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
        link(payload);
        if (current != null) {
            FileTrees.delete(current);
        }
    }

    private static int mode(FilePayload.Entry entry, long group) {
        return group < 0 ? entry.mode() : entry.mode() | 0440;
    }

    private Path current() throws IOException {
        Path data = target.resolve(DATA);
        return Files.isSymbolicLink(data) ? target.resolve(Files.readSymbolicLink(data)) : null;
    }

    private static boolean same(Path folder, FilePayload payload, long group) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        Set<String> missing = new HashSet<>(payload.files().keySet());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                FilePayload.Entry wanted = payload.files().get(name);
                if (wanted == null
                        || !Ownership.matches(file, wanted.owner(), group, mode(wanted, group))
                        || !wanted.content()
                                .equals(com.google.protobuf.ByteString.copyFrom(Files.readAllBytes(file)))) {
                    return false;
                }
                missing.remove(name);
            }
        }
        return missing.isEmpty();
    }

    /** A link per first name of a path; those of names that are gone are removed. */
    private void link(FilePayload payload) throws IOException {
        Set<String> names = new HashSet<>();
        payload.files().keySet().forEach(path -> names.add(path.split("/")[0]));
        for (String name : names) {
            Path visible = target.resolve(name);
            if (!Files.isSymbolicLink(visible)) {
                Files.createSymbolicLink(visible, Path.of(DATA, name));
            }
        }
        try (Stream<Path> present = Files.list(target)) {
            List<Path> stale = present.filter(p -> !p.getFileName().toString().startsWith("..")
                            && !names.contains(p.getFileName().toString()))
                    .toList();
            for (Path path : stale) {
                Files.delete(path);
            }
        }
    }
}

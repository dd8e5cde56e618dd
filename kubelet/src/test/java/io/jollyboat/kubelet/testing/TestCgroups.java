package io.jollyboat.kubelet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Control groups as tests look at them and leave them. */
public final class TestCgroups {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private TestCgroups() {}

    /** All groups under the root, in every hierarchy. */
    public static List<Path> under(String root) throws IOException {
        List<Path> found = new ArrayList<>();
        List<Path> hierarchies = new ArrayList<>(List.of(MOUNT));
        try (Stream<Path> folders = Files.list(MOUNT)) {
            folders.filter(Files::isDirectory).forEach(hierarchies::add);
        }
        for (Path hierarchy : hierarchies) {
            Path group = hierarchy.resolve(root.substring(1));
            if (Files.isDirectory(group)) {
                try (Stream<Path> tree = Files.walk(group)) {
                    tree.filter(Files::isDirectory).forEach(found::add);
                }
            }
        }
        found.sort(Comparator.reverseOrder());
        return found;
    }

    static void remove(String root) throws IOException {
        for (Path group : under(root)) {
            try {
                Files.deleteIfExists(group);
            } catch (IOException e) {
                throw new UncheckedIOException("left over: " + group, e);
            }
        }
    }
}

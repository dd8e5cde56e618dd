package io.jollyboat.rules;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
public final class Checkout {
    /** Where {@code jolly} lies. */
    public static final Path ROOT = root();

    private Checkout() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("jolly"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}

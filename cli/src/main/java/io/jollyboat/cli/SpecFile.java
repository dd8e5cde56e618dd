package io.jollyboat.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/** Keeps a {@link ClusterSpec} in the cluster's data folder. */
final class SpecFile {
    private SpecFile() {}

    /** Empty where there is no file; a file that is broken is a CliException that names it. */
    static Optional<ClusterSpec> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return Optional.of(new ClusterSpec(
                    text(properties, "name"),
                    number(properties, "nodes"),
                    text(properties, "network"),
                    text(properties, "podCidr"),
                    text(properties, "serviceCidr"),
                    number(properties, "apiPort"),
                    number(properties, "grpcPort"),
                    number(properties, "etcdPort"),
                    Boolean.parseBoolean(properties.getProperty("offline", "false"))));
        } catch (IOException e) {
            throw CliException.of("cannot read", file, e);
        } catch (CliException | IllegalArgumentException e) {
            throw new CliException(
                    file + " is broken (" + e.getMessage() + "): mend it, or remove the cluster with ./jolly down", e);
        }
    }

    /** Whole or not at all. */
    static void write(Path file, ClusterSpec spec) {
        Properties properties = new Properties();
        properties.setProperty("name", spec.name());
        properties.setProperty("nodes", Integer.toString(spec.nodes()));
        properties.setProperty("network", spec.network());
        properties.setProperty("podCidr", spec.podCidr());
        properties.setProperty("serviceCidr", spec.serviceCidr());
        properties.setProperty("apiPort", Integer.toString(spec.apiPort()));
        properties.setProperty("grpcPort", Integer.toString(spec.grpcPort()));
        properties.setProperty("etcdPort", Integer.toString(spec.etcdPort()));
        properties.setProperty("offline", Boolean.toString(spec.offline()));
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(part)) {
                properties.store(writer, "The local cluster, as it was first started");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CliException.of("cannot write", file, e);
        }
    }

    private static String text(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new CliException("the key " + key + " is missing");
        }
        return value;
    }

    private static int number(Properties properties, String key) {
        String value = text(properties, key);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new CliException(key + ": " + value + " is no number", e);
        }
    }
}

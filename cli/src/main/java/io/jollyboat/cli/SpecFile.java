package io.jollyboat.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Keeps a {@link ClusterSpec} in the cluster's data folder. */
final class SpecFile {
    private SpecFile() {}

    static Optional<ClusterSpec> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return Optional.of(new ClusterSpec(
                    text(properties, file, "name"),
                    number(properties, file, "nodes"),
                    text(properties, file, "network"),
                    text(properties, file, "podCidr"),
                    text(properties, file, "serviceCidr"),
                    number(properties, file, "apiPort"),
                    number(properties, file, "grpcPort"),
                    number(properties, file, "etcdPort")));
        } catch (IOException e) {
            throw new CliException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

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
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, "The local cluster, as it was first started");
            }
        } catch (IOException e) {
            throw new CliException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Properties properties, Path file, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new CliException(file + ": the key " + key + " is missing");
        }
        return value;
    }

    private static int number(Properties properties, Path file, String key) {
        String value = text(properties, file, key);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new CliException(file + ": " + key + ": " + value + " is no number", e);
        }
    }
}

package io.jollyboat.tls;

import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Writes kubeconfigs, and puts a cluster's context into the one the user has, leaving everything else in it as it was.
 * Holds the same lock file as kubectl while it changes a file.
 */
public final class Kubeconfigs {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOCK_RETRY = Duration.ofMillis(50);
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    private final Runtime runtime;

    public Kubeconfigs(Runtime runtime) {
        this.runtime = runtime;
    }

    /** A file of its own with this one context, mode 0600; replaces what was there. */
    public static void write(Path file, String name, String server, TlsFiles files) {
        ObjectNode config = empty();
        put(config, name, server, files);
        PrivateFiles.writeSecret(file, YAML.writeValueAsString(config));
    }

    /** Creates or replaces cluster, user and context of the name, and makes the context the current one. */
    public void merge(Path file, String name, String server, TlsFiles files) {
        locked(file, () -> {
            ObjectNode config = read(file);
            put(config, name, server, files);
            PrivateFiles.writeSecret(file, YAML.writeValueAsString(config));
        });
    }

    /** Whether {@link #merge} could do its work: a TlsException says why not. Makes the folder, changes no file. */
    public static void check(Path file) {
        read(file);
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new TlsException(folder + ": cannot be made: " + e.getMessage(), e);
        }
        if (!Files.isWritable(folder) || (Files.exists(file) && !Files.isWritable(file))) {
            throw new TlsException(file + ": cannot be written");
        }
    }

    /** Takes cluster, user and context of the name out again; a file or a name that is not there is no error. */
    public void remove(Path file, String name) {
        if (!Files.exists(file)) {
            return;
        }
        locked(file, () -> {
            ObjectNode config = read(file);
            boolean changed = false;
            for (String list : List.of("clusters", "users", "contexts")) {
                changed |= removeNamed(config, list, name);
            }
            if (config.path("current-context").asString("").equals(name)) {
                config.put("current-context", "");
                changed = true;
            }
            if (changed) {
                PrivateFiles.writeSecret(file, YAML.writeValueAsString(config));
            }
        });
    }

    private static ObjectNode empty() {
        ObjectNode config = YAML.createObjectNode();
        config.put("apiVersion", "v1");
        config.put("kind", "Config");
        return config;
    }

    private static void put(ObjectNode config, String name, String server, TlsFiles files) {
        ObjectNode cluster = YAML.createObjectNode();
        cluster.put("certificate-authority-data", base64(files.authorities()));
        cluster.put("server", server);
        ObjectNode user = YAML.createObjectNode();
        user.put("client-certificate-data", base64(files.certificate()));
        user.put("client-key-data", base64(files.key()));
        ObjectNode context = YAML.createObjectNode();
        context.put("cluster", name);
        context.put("user", name);
        putNamed(config, "clusters", "cluster", name, cluster);
        putNamed(config, "contexts", "context", name, context);
        putNamed(config, "users", "user", name, user);
        config.put("current-context", name);
    }

    private static void putNamed(ObjectNode config, String list, String field, String name, ObjectNode value) {
        ArrayNode entries = config.path(list) instanceof ArrayNode array ? array : config.putArray(list);
        for (JsonNode entry : entries) {
            if (entry instanceof ObjectNode object
                    && object.path("name").asString("").equals(name)) {
                object.set(field, value);
                return;
            }
        }
        entries.addObject().put("name", name).set(field, value);
    }

    private static boolean removeNamed(ObjectNode config, String list, String name) {
        if (!(config.path(list) instanceof ArrayNode entries)) {
            return false;
        }
        boolean found = false;
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).path("name").asString("").equals(name)) {
                entries.remove(i);
                found = true;
            }
        }
        return found;
    }

    private static ObjectNode read(Path file) {
        if (!Files.exists(file)) {
            return empty();
        }
        try {
            String text = Files.readString(file);
            if (text.isBlank()) {
                return empty();
            }
            if (YAML.readTree(text) instanceof ObjectNode config) {
                return config;
            }
        } catch (IOException | JacksonException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new TlsException(file + ": not a kubeconfig, left as it is: " + reason, e);
        }
        throw new TlsException(file + ": not a kubeconfig, left as it is: it must be a YAML mapping");
    }

    private static String base64(Path file) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new TlsException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void locked(Path file, Runnable change) {
        Path lock = Path.of(file + ".lock");
        take(lock);
        try {
            change.run();
        } finally {
            release(lock);
        }
    }

    private void take(Path lock) {
        long deadline = runtime.nanoTime() + LOCK_PATIENCE.toNanos();
        while (true) {
            try {
                Files.createDirectories(lock.toAbsolutePath().getParent());
                byte[] owner = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
                Files.write(lock, owner, StandardOpenOption.CREATE_NEW);
                return;
            } catch (FileAlreadyExistsException e) {
                if (isAbandoned(lock)) {
                    release(lock);
                } else if (runtime.nanoTime() - deadline > 0) {
                    throw new TlsException(lock + ": another program holds the lock; if none runs, remove the file", e);
                }
                pause(lock);
            } catch (IOException e) {
                throw new TlsException(lock + ": cannot be written: " + e.getMessage(), e);
            }
        }
    }

    /** Our own locks name their process; kubectl's are empty, and of those nobody knows. */
    private static boolean isAbandoned(Path lock) {
        try {
            String owner = Files.readString(lock);
            return owner.matches("\\d{1,10}")
                    && ProcessHandle.of(Long.parseLong(owner))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty();
        } catch (IOException e) {
            return false; // released meanwhile
        }
    }

    private void pause(Path lock) {
        try {
            runtime.sleep(LOCK_RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TlsException(lock + ": interrupted while waiting for the lock", e);
        }
    }

    private static void release(Path lock) {
        try {
            Files.deleteIfExists(lock);
        } catch (IOException e) {
            throw new TlsException(lock + ": cannot be removed: " + e.getMessage(), e);
        }
    }
}

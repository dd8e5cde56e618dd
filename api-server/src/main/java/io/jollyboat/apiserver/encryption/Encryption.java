package io.jollyboat.apiserver.encryption;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.encryption.EncryptionFile.KmsPlugin;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.apiserver.storage.UnreadableValue;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which values are written in which form, and how each is read. Thread-safe; follows its file. */
public final class Encryption implements AutoCloseable {
    private static final Log LOG = Log.of(Encryption.class);
    private static final Map<String, String> BUILT_IN = builtIn();

    private final Path file;
    private final Runtime runtime;
    private final EncryptionMetrics metrics;
    private volatile Rules rules;
    private volatile Runnable onChange = () -> {};
    private String text;
    private String failing = "";

    private Encryption(Path file, Runtime runtime, EncryptionMetrics metrics, Rules rules, String text) {
        this.metrics = metrics;
        this.file = file;
        this.runtime = runtime;
        this.rules = rules;
        this.text = text;
    }

    /** @throws IllegalArgumentException when the file cannot be used */
    public static Encryption open(Path file, Metrics registry, Runtime runtime) {
        EncryptionMetrics metrics = new EncryptionMetrics(registry, runtime);
        try {
            String text = Files.readString(file);
            return new Encryption(file, runtime, metrics, rules(text, file, metrics, runtime, List.of()), text);
        } catch (IOException e) {
            throw new IllegalArgumentException("encryptionFile: " + file + " cannot be read: " + e, e);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("encryptionFile: " + e.getMessage(), e);
        }
    }

    /**
     * Begins to ask the plugins of key management services.
     *
     * @param changed is told when values may be readable that were not
     */
    public void start(Runnable changed) {
        onChange = changed;
        rules.plugins().forEach(plugin -> plugin.start(changed));
    }

    /** Reads the file again; one that cannot be used changes nothing. */
    public synchronized void reload() {
        try {
            String now = Files.readString(file);
            if (!now.equals(text)) {
                Rules before = rules;
                Rules next = rules(now, file, metrics, runtime, before.plugins());
                text = now;
                next.plugins().forEach(plugin -> {
                    plugin.start(onChange);
                    plugin.check();
                });
                rules = next;
                before.plugins().stream()
                        .filter(plugin -> !next.plugins().contains(plugin))
                        .forEach(Kms::close);
                LOG.info("encryption is configured anew", "file", file);
                onChange.run();
            }
            failing = "";
        } catch (IOException | ConfigException e) {
            if (!failing.equals(String.valueOf(e.getMessage()))) {
                LOG.error("the encryption file cannot be used, what it said before holds", "reason", e.getMessage());
            }
            failing = String.valueOf(e.getMessage());
        }
    }

    /** Why one of the plugins is of no use now; empty when all are well, or there are none. */
    public Optional<String> failure() {
        List<String> failures = rules.plugins().stream()
                .flatMap(plugin -> plugin.failure().stream())
                .toList();
        return failures.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", failures));
    }

    /** Whether opening a value may take a while. */
    boolean mayBlock() {
        return !rules.plugins().isEmpty();
    }

    @Override
    public void close() {
        rules.plugins().forEach(Kms::close);
    }

    private static Rules rules(String text, Path file, EncryptionMetrics metrics, Runtime runtime, List<Kms> present)
            throws ConfigException {
        EncryptionFile config = ConfigLoader.parse(text, file, EncryptionFile.class);
        List<Kms> plugins = new ArrayList<>();
        Function<KmsPlugin, Transformer> plugin = wanted -> {
            // One rule's provider serves all of its resources, and goes on serving when the rest of the file changes.
            Kms kms = Stream.concat(plugins.stream(), present.stream())
                    .filter(one -> one.config().equals(wanted))
                    .findFirst()
                    .orElseGet(() -> new Kms(wanted, metrics, runtime));
            if (!plugins.contains(kms)) {
                plugins.add(kms);
            }
            return kms;
        };
        Map<String, List<Transformer>> named = new LinkedHashMap<>();
        for (EncryptionFile.Rule rule : config.resources()) {
            List<Transformer> transformers = rule.providers().stream()
                    .flatMap(provider -> provider.transformers(plugin).stream())
                    .toList();
            rule.resources()
                    .forEach(resource -> named.computeIfAbsent(resource, ignored -> new ArrayList<>())
                            .addAll(transformers));
        }
        return new Rules(Map.copyOf(named), List.copyOf(plugins), new ConcurrentHashMap<>());
    }

    /** @param byPlace what was found for a resource's place in the store; an empty list where no rule is about it */
    private record Rules(
            Map<String, List<Transformer>> named, List<Kms> plugins, Map<String, List<Transformer>> byPlace) {
        List<Transformer> of(ByteString key) {
            String path = key.toStringUtf8();
            if (!path.startsWith(StorageKeys.ROOT)) {
                return List.of();
            }
            return byPlace.computeIfAbsent(place(path), this::find);
        }

        /** The resource that the key is of, as {@code deployments.apps}. */
        static String resourceOf(ByteString key) {
            return resource(place(key.toStringUtf8()));
        }

        private static String place(String path) {
            int slash = path.indexOf('/', StorageKeys.ROOT.length());
            int second = slash < 0 ? -1 : path.indexOf('/', slash + 1);
            return second < 0 ? path : path.substring(0, second + 1);
        }

        private List<Transformer> find(String place) {
            String resource = resource(place);
            if (resource.isEmpty()) {
                return List.of();
            }
            int dot = resource.indexOf('.');
            String group = dot < 0 ? "" : resource.substring(dot + 1);
            return named.getOrDefault(resource, named.getOrDefault("*." + group, named.getOrDefault("*.*", List.of())));
        }

        private static String resource(String place) {
            String two = BUILT_IN.get(place);
            if (two != null) {
                return two;
            }
            String[] parts = place.substring(StorageKeys.ROOT.length()).split("/", -1);
            String one = BUILT_IN.get(StorageKeys.ROOT + parts[0] + "/");
            if (one != null) {
                return one;
            }
            return parts[0].contains(".") && parts.length > 1 ? parts[1] + "." + parts[0] : "";
        }
    }

    private static Map<String, String> builtIn() {
        Map<String, String> byPrefix = new HashMap<>();
        Kinds.builtIn().all().forEach(type -> byPrefix.put(StorageKeys.prefix(type), type.qualifiedResource()));
        byPrefix.put(StorageKeys.ROOT + "events/", "events");
        return Map.copyOf(byPrefix);
    }

    /** The value as it is to be stored. */
    ByteString seal(ByteString key, ByteString plain) {
        List<Transformer> transformers = rules.of(key);
        if (transformers.isEmpty()) {
            return plain;
        }
        Transformer first = transformers.getFirst();
        long begun = metrics.now();
        try {
            ByteString sealed = first.seal(key, plain.toByteArray());
            metrics.sealed(Rules.resourceOf(key), first, begun, EncryptionMetrics.OK);
            return sealed;
        } catch (GeneralSecurityException e) {
            metrics.sealed(Rules.resourceOf(key), first, begun, EncryptionMetrics.FAILED);
            throw ApiException.internal(String.valueOf(e.getMessage()));
        }
    }

    /** The stored value in plain; bytes that no reader takes for an object where it cannot be read. */
    ByteString open(ByteString key, ByteString stored) {
        List<Transformer> transformers = rules.of(key);
        if (transformers.isEmpty()) {
            return stored;
        }
        String why = "no matching prefix found";
        boolean tried = false;
        long begun = metrics.now();
        for (Transformer transformer : transformers) {
            if (transformer.covers(stored)) {
                try {
                    ByteString plain = transformer instanceof PlainForm
                            ? stored
                            : ByteString.copyFrom(transformer.open(key, stored));
                    metrics.opened(Rules.resourceOf(key), transformer, begun, EncryptionMetrics.OK);
                    return plain;
                } catch (GeneralSecurityException e) {
                    metrics.opened(Rules.resourceOf(key), transformer, begun, EncryptionMetrics.FAILED);
                    tried = true;
                    why = String.valueOf(e.getMessage());
                }
            }
        }
        if (!tried) {
            metrics.opened(Rules.resourceOf(key), null, begun, EncryptionMetrics.FAILED);
        }
        LOG.error("a stored value cannot be decrypted", "key", key.toStringUtf8(), "reason", why);
        return UnreadableValue.because("unable to transform key \"" + key.toStringUtf8() + "\": " + why);
    }

    /** Whether the value would be written in another form today. */
    boolean isStale(ByteString key, ByteString stored) {
        List<Transformer> transformers = rules.of(key);
        return !transformers.isEmpty() && transformers.getFirst().isStale(stored);
    }

    /** Whether any rule is about values of this key. */
    boolean isAbout(ByteString key) {
        return !rules.of(key).isEmpty();
    }
}

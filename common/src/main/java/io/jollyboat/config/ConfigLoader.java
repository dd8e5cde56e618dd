package io.jollyboat.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a record from YAML. A key that is missing takes the value that the record's static method {@code defaults()}
 * gives it; where that is null, or there is no such method, lists, maps and Optionals are empty and all else is required.
 *
 * <p>Component types: String, numbers, boolean, enums, Duration ({@code 1m30s}), Path (relative ones against the
 * file's folder), Quantity, records, and List, Map by String, Optional of these. A record's compact constructor may
 * refuse values with IllegalArgumentException, best as {@code key: what is wrong}.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    public static <R extends Record> R load(Path file, Class<R> type) throws ConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": no such file"));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": cannot be read: " + e));
        }
        return parse(text, file, type);
    }

    /** @param file for messages and as the base of relative paths */
    public static <R extends Record> R parse(String yaml, Path file, Class<R> type) throws ConfigException {
        List<String> errors = new ArrayList<>();
        Path folder = file.toAbsolutePath().getParent();
        R config = new RecordBinder(
                        folder, (key, error) -> errors.add(file + ": " + key + (key.isEmpty() ? "" : ": ") + error))
                .bind(read(yaml, file), type);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return config;
    }

    private static Map<?, ?> read(String yaml, Path file) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(false)
                .setLabel(file.toString())
                .build();
        Object root;
        try {
            root = new Load(settings).loadFromString(yaml);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(Mark::getLine)
                    .map(l -> ":" + (l + 1))
                    .orElse("");
            throw new ConfigException(List.of(file + line + ": " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new ConfigException(List.of(file + ": not YAML: " + e.getMessage()));
        } catch (StackOverflowError e) {
            // The reader goes down with the file, and has no limit of its own.
            throw new ConfigException(List.of(file + ": is nested too deeply"));
        }
        if (root == null) {
            return Map.of();
        }
        if (root instanceof Map<?, ?> map) {
            return map;
        }
        throw new ConfigException(List.of(file + ": must be a YAML mapping"));
    }
}

package io.jollyboat.config;

import java.util.List;

/** A configuration that cannot be used. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> errors;

    ConfigException(List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    /** One line each: file, key, what is wrong. */
    public List<String> errors() {
        return errors;
    }
}

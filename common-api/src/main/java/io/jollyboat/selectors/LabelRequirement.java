package io.jollyboat.selectors;

import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One condition of a label selector. */
public record LabelRequirement(String key, Operator operator, List<String> values) {
    /** The condition's kind. */
    public enum Operator {
        IN,
        NOT_IN,
        EQUALS,
        NOT_EQUALS,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN;

        boolean isEquality() {
            return this == IN || this == EQUALS;
        }
    }

    public LabelRequirement {
        values = List.copyOf(values);
    }

    boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case IN, EQUALS -> value != null && values.contains(value);
            case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GREATER_THAN, LESS_THAN -> value != null && compares(value);
        };
    }

    private boolean compares(String value) {
        try {
            int order = Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            return operator == Operator.GREATER_THAN ? order > 0 : order < 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Upstream's errors, worded as its field errors; empty where the requirement is valid. */
    List<String> errors(String keyPath, String valuesPath) {
        List<String> errors = new ArrayList<>();
        invalid(errors, keyPath, key, Names.qualifiedName(key));
        switch (operator) {
            case IN, NOT_IN -> {
                if (values.isEmpty()) {
                    errors.add(
                            valuesPath + ": Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
                }
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!values.isEmpty()) {
                    errors.add(valuesPath + ": Invalid value: " + quoted()
                            + ": values set must be empty for exists and does not exist");
                }
            }
            case GREATER_THAN, LESS_THAN -> {
                if (values.size() != 1) {
                    errors.add(valuesPath + ": Invalid value: " + quoted()
                            + ": for 'Gt', 'Lt' operators, exactly one value is required");
                }
                for (int i = 0; i < values.size(); i++) {
                    if (!values.get(i).matches("[+-]?[0-9]{1,19}")) {
                        errors.add(valuesPath + "[" + i + "]: Invalid value: \"" + values.get(i)
                                + "\": for 'Gt', 'Lt' operators, the value must be an integer");
                    }
                }
            }
            case EQUALS, NOT_EQUALS -> {}
        }
        for (int i = 0; i < values.size(); i++) {
            invalid(errors, valuesPath + "[" + i + "][" + key + "]", values.get(i), Names.labelValue(values.get(i)));
        }
        return errors;
    }

    private String quoted() {
        return "["
                + String.join(
                        ",", values.stream().map(value -> "\"" + value + "\"").toList()) + "]";
    }

    private static void invalid(List<String> errors, String path, String value, List<String> problems) {
        if (!problems.isEmpty()) {
            errors.add(path + ": Invalid value: \"" + value + "\": " + String.join("; ", problems));
        }
    }

    @Override
    public String toString() {
        return switch (operator) {
            case IN -> key + " in (" + String.join(",", values.stream().sorted().toList()) + ")";
            case NOT_IN ->
                key + " notin (" + String.join(",", values.stream().sorted().toList()) + ")";
            case EQUALS -> key + "=" + values.getFirst();
            case NOT_EQUALS -> key + "!=" + values.getFirst();
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case GREATER_THAN -> key + ">" + values.getFirst();
            case LESS_THAN -> key + "<" + values.getFirst();
        };
    }
}

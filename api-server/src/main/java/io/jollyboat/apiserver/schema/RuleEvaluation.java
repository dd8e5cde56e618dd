package io.jollyboat.apiserver.schema;

import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.SchemaValues;
import io.jollyboat.cel.Variables;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Evaluates the rules of a schema on an object, as long as their budget lasts. */
final class RuleEvaluation {
    /** What all rules together may cost for one object, as upstream has it. */
    static final long BUDGET = 10_000_000;

    private static final int LONGEST_MESSAGE = 5 * 1024;
    private static final String SPENT =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    private final PathText path;
    private final List<FieldError> errors = new ArrayList<>();
    private long budget;

    private RuleEvaluation(String start, long budget) {
        this.path = new PathText(start);
        this.budget = budget;
    }

    /** What the rules found, and what is left of the budget; negative where they could not go on. */
    record Result(List<FieldError> errors, long budget) {}

    /**
     * The values before, of which an unchanged one may stay against the rules.
     *
     * @param current null where nothing goes together with the value
     * @param parent the nearest around it that had something
     */
    private record Ratchet(Correlation current, Correlation parent) {
        static final Ratchet NONE = new Ratchet(null, null);

        boolean applies() {
            return current != null ? current.isUnchanged() : parent != null && parent.isUnchanged();
        }

        Ratchet field(String name) {
            if (current == null) {
                return this;
            }
            boolean type = parent == null && (name.equals("apiVersion") || name.equals("kind"));
            return type ? NONE : new Ratchet(current.field(name), current);
        }

        Ratchet element(int index) {
            return current == null ? this : new Ratchet(current.element(index), current);
        }
    }

    /** @param old null where there was nothing before */
    static Result run(RuleNode node, String start, JsonNode value, JsonNode old, Correlation correlation, long budget) {
        RuleEvaluation evaluation = new RuleEvaluation(start, budget);
        evaluation.node(node, value, old, new Ratchet(correlation, null));
        return new Result(evaluation.errors, evaluation.budget);
    }

    private void node(RuleNode node, JsonNode value, JsonNode old, Ratchet ratchet) {
        if (node == null || value.isNull() || budget < 0) {
            return;
        }
        rules(node, value, old == null || old.isNull() ? null : old, ratchet);
        if (value.isArray()) {
            elements(node, value, old, ratchet);
        } else if (value.isObject()) {
            fields(node, value, old, ratchet);
        }
    }

    private void elements(RuleNode node, JsonNode list, JsonNode old, Ratchet ratchet) {
        if (node.items() == null) {
            return;
        }
        KeyedElements before = KeyedElements.of(old, node.mapKeys());
        int here = path.length();
        for (int i = 0; i < list.size() && budget >= 0; i++) {
            path.index(i);
            node(node.items(), list.get(i), before.like(list.get(i)), ratchet.element(i));
            path.cut(here);
        }
    }

    private void fields(RuleNode node, JsonNode object, JsonNode old, Ratchet ratchet) {
        int here = path.length();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (budget < 0) {
                return;
            }
            String name = field.getKey();
            JsonNode before = old == null || !old.isObject() ? null : old.get(name);
            RuleNode child = node.properties().get(name);
            if (child != null) {
                path.field(name);
                node(child, field.getValue(), before, ratchet.field(name));
            } else if (node.additional() != null) {
                path.key(name);
                node(node.additional(), field.getValue(), before, ratchet.field(name));
            }
            path.cut(here);
        }
    }

    private void rules(RuleNode node, JsonNode value, JsonNode old, Ratchet ratchet) {
        if (node.problem() != null) {
            errors.add(invalid(node, "rule compiler initialization error: " + node.problem()));
            return;
        }
        if (node.rules().isEmpty()) {
            return;
        }
        if (budget <= 0) {
            stop(invalid(node, SPENT));
            return;
        }
        for (CompiledRule rule : node.rules()) {
            if (budget < 0) {
                return;
            }
            if (rule.problem() != null) {
                errors.add(invalid(node, "rule compile error: " + rule.problem()));
                continue;
            }
            boolean optional = rule.source().getOptionalOldSelf();
            boolean skipped = rule.program() == null || (rule.usesOldSelf() && old == null && !optional);
            if (!skipped) {
                rule(
                        rule,
                        node,
                        value,
                        variables(node, value, old, optional),
                        variables(node, value, old, false),
                        ratchet);
            }
        }
    }

    private static Variables variables(RuleNode node, JsonNode value, JsonNode old, boolean optional) {
        return name -> switch (name) {
            case "self" -> SchemaValues.of(value, node.schema(), node.root());
            case "oldSelf" -> {
                Object before = old == null ? null : SchemaValues.of(old, node.schema(), node.root());
                yield optional ? Optional.ofNullable(before) : before;
            }
            default -> null;
        };
    }

    private void rule(
            CompiledRule rule,
            RuleNode node,
            JsonNode value,
            Variables variables,
            Variables forMessage,
            Ratchet ratchet) {
        CelOutcome outcome = rule.program().evaluate(variables);
        if (outcome.cost() > budget) {
            stop(invalid(node, SPENT));
            return;
        }
        budget -= outcome.cost();
        if (outcome.costExceeded()) {
            stop(invalid(
                    node,
                    "'" + outcome.error()
                            + "': no further validation rules will be run due to call cost exceeds limit for rule: "
                            + rule.shown()));
        } else if (outcome.failed() && outcome.error().startsWith("no such overload")) {
            errors.add(invalid(
                    node,
                    "'" + outcome.error()
                            + "': call arguments did not match a supported operator, function or macro signature for"
                            + " rule: " + rule.shown()));
        } else if (outcome.failed()) {
            errors.add(invalid(node, outcome.error() + " evaluating rule: " + rule.shown()));
        } else if (!outcome.isTrue()) {
            broken(rule, node, value, forMessage, ratchet);
        }
    }

    private void broken(CompiledRule rule, RuleNode node, JsonNode value, Variables variables, Ratchet ratchet) {
        boolean tolerated = !rule.usesOldSelf() && ratchet.applies();
        int here = path.length();
        if (!rule.fieldPath().isEmpty()) {
            path.field(rule.fieldPath());
        }
        String at = at();
        path.cut(here);
        String detail = rule.messageOrDefault();
        if (rule.message() != null) {
            CelOutcome outcome = rule.message().evaluate(variables);
            String problem = null;
            if (outcome.cost() > budget) {
                problem = "messageExpression evaluation failed due to running out of cost budget, no further validation"
                        + " rules will be run";
            } else if (outcome.costExceeded()) {
                problem = "no further validation rules will be run due to call cost exceeds limit for"
                        + " messageExpression: "
                        + FieldError.quoted(rule.source().getMessageExpression());
            }
            if (problem != null) {
                budget = -1;
                if (!tolerated) {
                    errors.add(FieldError.invalid(at, node.type(), problem));
                }
                return;
            }
            budget -= outcome.cost();
            String text = outcome.value() instanceof String given ? given.strip() : "";
            if (!text.isEmpty() && text.indexOf('\n') < 0 && Texts.bytes(text) <= LONGEST_MESSAGE) {
                detail = text;
            }
        }
        if (!tolerated) {
            errors.add(error(rule, node, value, at, detail));
        }
    }

    private static FieldError error(CompiledRule rule, RuleNode node, JsonNode value, String at, String detail) {
        boolean omitted = node.type().equals("object") || node.type().equals("array");
        Object shown = omitted ? null : GoJson.shown(value);
        return switch (rule.source().getReason()) {
            case "FieldValueForbidden" -> FieldError.forbidden(at, detail);
            case "FieldValueRequired" -> FieldError.required(at, detail);
            case "FieldValueDuplicate" -> FieldError.duplicate(at, shown);
            default -> FieldError.of(FieldError.Type.INVALID, at, shown, detail);
        };
    }

    private String at() {
        String text = path.toString();
        return text.isEmpty() ? Findings.NOWHERE : text;
    }

    private FieldError invalid(RuleNode node, String detail) {
        return FieldError.invalid(at(), node.type(), detail);
    }

    private void stop(FieldError error) {
        errors.add(error);
        budget = -1;
    }
}

package io.jollyboat.apiserver.schema;

import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.ValidationRule;
import io.jollyboat.cel.DeclType;
import io.jollyboat.cel.SchemaTypes;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The expressions in a definition's schema: whether they compile, and what they may cost in each place and together. */
final class DefinitionRules {
    private static final long RULE_LIMIT = 10_000_000;
    private static final long SCHEMA_LIMIT = 100_000_000;
    private static final long REQUEST_LIMIT = 3 * 1024 * 1024;
    private static final int SHOWN = 4;

    private record Cost(String path, long cost) {}

    private final Problems problems = new Problems();
    private final boolean expensive;
    private final List<Cost> most = new ArrayList<>();
    private long total;

    /** @param expensive whether single rules may cost too much, as they did before an update */
    DefinitionRules(boolean expensive) {
        this.expensive = expensive;
    }

    /**
     * The rules of one place.
     *
     * @param root whether its values are whole objects
     * @param times how often the place can occur in an object, null where nothing bounds that
     * @param uncorrelated where values are not told apart between two states of an object, null where they are
     */
    void check(JSONSchemaProps schema, boolean root, Long times, String uncorrelated, String path) {
        String at = path + ".x-kubernetes-validations";
        DeclType type = SchemaTypes.of(JsonCodec.toTree(schema, null, null), root);
        if (type == null) {
            String detail = "internal error: failed to construct type information for x-kubernetes-validations rules:"
                    + " unable to convert structural schema to CEL declarations";
            problems.addAll(List.of(FieldError.of(FieldError.Type.INTERNAL, at, null, detail)));
            return;
        }
        long cardinality = times != null ? times : REQUEST_LIMIT / (type.minSerializedSize() + 1);
        List<CompiledRule> rules = CompiledRule.compile(schema, type);
        for (int i = 0; i < rules.size(); i++) {
            check(rules.get(i), cardinality, uncorrelated, at + "[" + i + "]");
        }
    }

    private void check(CompiledRule rule, long cardinality, String uncorrelated, String path) {
        ValidationRule source = rule.source();
        cost(path + ".rule", "estimated rule cost", product(rule.cost(), cardinality));
        if (rule.problem() != null) {
            problems.invalid(path + ".rule", InternalForm.of(source), rule.problem());
        }
        if (rule.messageProblem() != null) {
            problems.invalid(path + ".messageExpression", InternalForm.of(source), rule.messageProblem());
        } else if (rule.message() != null) {
            cost(path + ".messageExpression", "estimated messageExpression cost", rule.messageCost());
        }
        if (rule.usesOldSelf() && uncorrelated != null) {
            problems.invalid(
                    path + ".rule",
                    source.getRule(),
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within " + uncorrelated);
        } else if (!rule.usesOldSelf() && source.hasOptionalOldSelf()) {
            problems.invalid(
                    path + ".optionalOldSelf",
                    new GoJson.Bare(String.valueOf(source.getOptionalOldSelf())),
                    "may not be set if oldSelf is not used in rule");
        }
    }

    private void cost(String path, String name, long cost) {
        if (!expensive && cost > RULE_LIMIT) {
            problems.forbidden(path, exceeded(name, cost, RULE_LIMIT));
        }
        total = total + cost < 0 ? Long.MAX_VALUE : total + cost;
        if (cost >= SCHEMA_LIMIT / 100) {
            most.add(new Cost(path, cost));
        }
    }

    /** What was found in all places, and of all together. */
    List<FieldError> finish(String path) {
        if (total > SCHEMA_LIMIT) {
            most.stream()
                    .sorted(Comparator.comparingLong(Cost::cost).reversed())
                    .limit(SHOWN)
                    .forEach(each -> problems.forbidden(
                            each.path(),
                            "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3"
                                    + " schema"));
            problems.forbidden(
                    path,
                    exceeded(
                            "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                            total,
                            SCHEMA_LIMIT));
        }
        return problems.found();
    }

    /** How often the values within a place can occur, null where nothing bounds that. */
    static Long within(JSONSchemaProps schema, Long times) {
        Long most = elements(schema);
        return times == null || most == null ? null : Long.valueOf(product(most, times));
    }

    private static Long elements(JSONSchemaProps schema) {
        return switch (schema.getType()) {
            case "object" ->
                !schema.hasAdditionalProperties()
                        ? Long.valueOf(1)
                        : schema.hasMaxProperties() ? Long.valueOf(Math.max(0, schema.getMaxProperties())) : null;
            case "array" -> schema.hasMaxItems() ? Long.valueOf(Math.max(0, schema.getMaxItems())) : null;
            default -> Long.valueOf(1);
        };
    }

    private static long product(long cost, long times) {
        if (cost == 0 || times == 0) {
            return 0;
        }
        return cost > Long.MAX_VALUE / times ? Long.MAX_VALUE : cost * times;
    }

    private static String exceeded(String name, long cost, long limit) {
        double times = (double) cost / limit;
        String factor = times > 100
                ? "more than 100x"
                : times < 1.5 ? String.format(Locale.ROOT, "%fx", times) : String.format(Locale.ROOT, "%.1fx", times);
        return name + " exceeds budget by factor of " + factor
                + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and"
                + " strings are declared)";
    }
}

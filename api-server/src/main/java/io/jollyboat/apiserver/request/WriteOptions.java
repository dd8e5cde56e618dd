package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.CreateOptions;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.api.meta.v1.UpdateOptions;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The options of writes, from queries and bodies; 422 for what they may not be. */
public final class WriteOptions {
    private static final int MAX_MANAGER_BYTES = 128;

    private WriteOptions() {}

    /**
     * @param kind of the options, as errors name it
     * @param userAgent names the manager where the query does not; may be null
     */
    public static Call call(String kind, UserInfo user, QueryParams query, String userAgent) {
        return call(kind, user, query, userAgent, new ArrayList<>());
    }

    /** @param applies the patch is a server-side apply, whose manager must name itself */
    public static Call patch(boolean applies, UserInfo user, QueryParams query, String userAgent) {
        List<FieldError> errors = new ArrayList<>();
        if (applies && query.text("fieldManager").isEmpty()) {
            errors.add(FieldError.required("fieldManager", "is required for apply patch"));
        }
        if (!applies && query.has("force")) {
            errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        return call("PatchOptions", user, query, userAgent, errors);
    }

    private static Call call(String kind, UserInfo user, QueryParams query, String userAgent, List<FieldError> errors) {
        String manager = query.text("fieldManager");
        if (manager.getBytes(StandardCharsets.UTF_8).length > MAX_MANAGER_BYTES) {
            errors.add(new FieldError(
                    FieldError.Type.TOO_LONG,
                    "fieldManager",
                    "Too long: may not be more than " + MAX_MANAGER_BYTES + " bytes"));
        }
        unprintable(manager, errors);
        dryRun(query.all("dryRun"), errors);
        Strictness strictness = strictness(query.text("fieldValidation"), errors);
        if (!errors.isEmpty()) {
            throw ListQuery.invalid(kind, errors);
        }
        String named = manager.isEmpty() ? managerOf(userAgent) : manager;
        return new Call(user, !query.all("dryRun").isEmpty(), strictness, named, new ArrayList<>());
    }

    /** The options of a write as admission is told. */
    static Message of(Call call, Operation operation) {
        String strictness = switch (call.fieldValidation()) {
            case STRICT -> "Strict";
            case IGNORE -> "Ignore";
            case WARN -> "";
        };
        if (operation == Operation.CREATE) {
            CreateOptions.Builder create = CreateOptions.newBuilder().setFieldManager(call.fieldManager());
            if (!strictness.isEmpty()) {
                create.setFieldValidation(strictness);
            }
            return call.dryRun() ? create.addDryRun("All").build() : create.build();
        }
        UpdateOptions.Builder update = UpdateOptions.newBuilder().setFieldManager(call.fieldManager());
        if (!strictness.isEmpty()) {
            update.setFieldValidation(strictness);
        }
        return call.dryRun() ? update.addDryRun("All").build() : update.build();
    }

    public static Call deletion(UserInfo user, DeleteOptions options) {
        return new Call(user, options.getDryRunCount() > 0, Strictness.WARN, "", new ArrayList<>());
    }

    private static void unprintable(String manager, List<FieldError> errors) {
        int at = 0;
        for (int c : manager.codePoints().toArray()) {
            if (!isPrintable(c)) {
                errors.add(FieldError.invalid(
                        "fieldManager",
                        manager,
                        "invalid character U+" + "%04X".formatted(c) + " (at position " + at + ")"));
            }
            at += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** Letters, marks, numbers, punctuation, symbols and the plain space. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    private static void dryRun(List<String> values, List<FieldError> errors) {
        if (!values.isEmpty() && !values.stream().allMatch("All"::equals)) {
            errors.add(new FieldError(
                    FieldError.Type.NOT_SUPPORTED,
                    "dryRun",
                    "Unsupported value: [\"" + String.join("\",\"", values) + "\"]: supported values: \"All\""));
        }
    }

    private static Strictness strictness(String value, List<FieldError> errors) {
        return switch (value) {
            case "", "Warn" -> Strictness.WARN;
            case "Strict" -> Strictness.STRICT;
            case "Ignore" -> Strictness.IGNORE;
            default -> {
                errors.add(FieldError.of(
                        FieldError.Type.NOT_SUPPORTED,
                        "fieldValidation",
                        value,
                        "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
                yield Strictness.WARN;
            }
        };
    }

    /** What stands before the first slash, as upstream names a manager that does not name itself. */
    private static String managerOf(String userAgent) {
        if (userAgent == null || userAgent.isEmpty()) {
            return "unknown";
        }
        String name = userAgent.split("/", 2)[0];
        int bytes = 0;
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            bytes += Character.toString(name.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_MANAGER_BYTES) {
                return name.substring(0, i);
            }
        }
        return name;
    }

    /** Of a deletion without a body. */
    public static DeleteOptions deleteOptions(QueryParams query) {
        DeleteOptions.Builder options = DeleteOptions.newBuilder();
        Long grace = query.number("gracePeriodSeconds");
        if (grace != null) {
            options.setGracePeriodSeconds(grace);
        }
        if (query.has("orphanDependents")) {
            options.setOrphanDependents(query.flag("orphanDependents"));
        }
        if (query.has("propagationPolicy")) {
            options.setPropagationPolicy(query.text("propagationPolicy"));
        }
        if (query.has("preconditions.uid")) {
            options.setPreconditions(Preconditions.newBuilder().setUid(query.text("preconditions.uid")));
        }
        return options.addAllDryRun(query.all("dryRun")).build();
    }

    public static void check(DeleteOptions options) {
        List<FieldError> errors = new ArrayList<>();
        if (options.hasOrphanDependents() && options.hasPropagationPolicy()) {
            errors.add(FieldError.invalid(
                    "propagationPolicy",
                    options.getPropagationPolicy(),
                    "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (options.hasPropagationPolicy()
                && !List.of("Foreground", "Background", "Orphan").contains(options.getPropagationPolicy())) {
            errors.add(FieldError.of(
                    FieldError.Type.NOT_SUPPORTED,
                    "propagationPolicy",
                    options.getPropagationPolicy(),
                    "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        }
        dryRun(options.getDryRunList(), errors);
        if (!errors.isEmpty()) {
            throw ListQuery.invalid("DeleteOptions", errors);
        }
    }
}

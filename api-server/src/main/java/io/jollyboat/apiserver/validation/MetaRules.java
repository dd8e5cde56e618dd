package io.jollyboat.apiserver.validation;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.values.Names;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules of ObjectMeta, which all kinds share. */
final class MetaRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;
    private static final Set<String> FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");

    private MetaRules() {}

    /** @param names what is wrong with a name of the kind */
    static void check(
            Errors errors, ObjectMeta meta, boolean namespaced, String path, Function<String, List<String>> names) {
        generic(errors, meta, namespaced, path, names);
        finalizers(errors, meta, path);
    }

    /** What holds for objects of kinds that are not upstream's own, too. */
    static void generic(
            Errors errors, ObjectMeta meta, boolean namespaced, String path, Function<String, List<String>> names) {
        if (!meta.getGenerateName().isEmpty()) {
            errors.invalid(path + ".generateName", meta.getGenerateName(), names.apply(prefix(meta.getGenerateName())));
        }
        if (meta.getName().isEmpty()) {
            errors.required(path + ".name", "name or generateName is required");
        } else {
            errors.invalid(path + ".name", meta.getName(), names.apply(meta.getName()));
        }
        if (namespaced && meta.getNamespace().isEmpty()) {
            errors.required(path + ".namespace");
        } else if (namespaced) {
            errors.invalid(path + ".namespace", meta.getNamespace(), Names.dns1123Label(meta.getNamespace()));
        } else if (!meta.getNamespace().isEmpty()) {
            errors.forbidden(path + ".namespace", "not allowed on this type");
        }
        errors.notNegative(path + ".generation", meta.getGeneration());
        labels(errors, meta.getLabelsMap(), path + ".labels");
        annotations(errors, meta.getAnnotationsMap(), path + ".annotations");
        owners(errors, meta.getOwnerReferencesList(), path + ".ownerReferences");
        for (String finalizer : meta.getFinalizersList()) {
            errors.invalid(path + ".finalizers", finalizer, Names.qualifiedName(finalizer));
        }
    }

    private static void finalizers(Errors errors, ObjectMeta meta, String path) {
        for (int i = 0; i < meta.getFinalizersCount(); i++) {
            String finalizer = meta.getFinalizers(i);
            if (!finalizer.contains("/") && !FINALIZERS.contains(finalizer)) {
                errors.invalid(
                        path + ".finalizers[" + i + "]",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    /** A prefix may end with what a name may not. */
    private static String prefix(String name) {
        return name.length() > 1 && name.endsWith("-") ? name.substring(0, name.length() - 2) + "a" : name;
    }

    static void labels(Errors errors, Map<String, String> labels, String path) {
        new TreeMap<>(labels).forEach((key, value) -> {
            errors.invalid(path, key, Names.qualifiedName(key));
            errors.invalid(path, value, Names.labelValue(value));
        });
    }

    static void annotations(Errors errors, Map<String, String> annotations, String path) {
        long size = 0;
        for (Map.Entry<String, String> entry : new TreeMap<>(annotations).entrySet()) {
            errors.invalid(
                    path, entry.getKey(), Names.qualifiedName(entry.getKey().toLowerCase(Locale.ROOT)));
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.tooLong(path, ANNOTATIONS_LIMIT);
        }
    }

    private static void owners(Errors errors, List<OwnerReference> owners, String path) {
        OwnerReference controller = null;
        for (OwnerReference owner : owners) {
            if (owner.getApiVersion().isEmpty()) {
                errors.invalid(path + ".apiVersion", owner.getApiVersion(), "version must not be empty");
            }
            notEmpty(errors, path + ".kind", owner.getKind());
            notEmpty(errors, path + ".name", owner.getName());
            notEmpty(errors, path + ".uid", owner.getUid());
            if (owner.getApiVersion().equals("v1") && owner.getKind().equals("Event")) {
                errors.invalid(path, Errors.shown(owner), "/v1, Kind=Event is disallowed from being an owner");
            }
        }
        for (OwnerReference owner : owners) {
            if (owner.getController()) {
                if (controller != null) {
                    String all = owners.stream()
                            .map(each -> new String(JsonCodec.encode(each, null, null), StandardCharsets.UTF_8))
                            .collect(Collectors.joining(","));
                    errors.invalid(
                            path,
                            Errors.bare("[" + all + "]"),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller.getKind() + "/" + controller.getName() + " and " + owner.getKind()
                                    + "/" + owner.getName());
                    return;
                }
                controller = owner;
            }
        }
    }

    private static void notEmpty(Errors errors, String path, String value) {
        if (value.isEmpty()) {
            errors.invalid(path, value, "must not be empty");
        }
    }

    static void checkUpdate(Errors errors, ObjectMeta meta, ObjectMeta old, String path) {
        if (old.hasDeletionTimestamp()) {
            noNewFinalizers(errors, meta, old, path + ".finalizers");
        }
        if (meta.getGeneration() < old.getGeneration()) {
            errors.invalid(path + ".generation", meta.getGeneration(), "must not be decremented");
        }
        errors.unchanged(path + ".name", meta.getName(), old.getName());
        errors.unchanged(path + ".namespace", meta.getNamespace(), old.getNamespace());
        errors.unchanged(path + ".uid", meta.getUid(), old.getUid());
        errors.unchanged(path + ".creationTimestamp", meta.getCreationTimestamp(), old.getCreationTimestamp());
        errors.unchanged(
                path + ".deletionTimestamp",
                meta.hasDeletionTimestamp(),
                meta.getDeletionTimestamp(),
                old.hasDeletionTimestamp(),
                old.getDeletionTimestamp());
        errors.unchanged(
                path + ".deletionGracePeriodSeconds",
                meta.hasDeletionGracePeriodSeconds(),
                meta.getDeletionGracePeriodSeconds(),
                old.hasDeletionGracePeriodSeconds(),
                old.getDeletionGracePeriodSeconds());
        labels(errors, meta.getLabelsMap(), path + ".labels");
        annotations(errors, meta.getAnnotationsMap(), path + ".annotations");
        owners(errors, meta.getOwnerReferencesList(), path + ".ownerReferences");
    }

    private static void noNewFinalizers(Errors errors, ObjectMeta meta, ObjectMeta old, String path) {
        TreeSet<String> added = new TreeSet<>(meta.getFinalizersList());
        old.getFinalizersList().forEach(added::remove);
        if (!added.isEmpty()) {
            errors.forbidden(
                    path,
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                            + added.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "))
                            + "}");
        }
    }
}

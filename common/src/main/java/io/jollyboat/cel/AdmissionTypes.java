package io.jollyboat.cel;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.util.LinkedHashMap;
import java.util.Map;

/** The types of the variables {@code request} and {@code namespaceObject}. */
public final class AdmissionTypes {
    private static final DeclType TEXT = DeclType.scalar(SimpleType.STRING);
    private static final DeclType TEXTS = DeclType.scalar(ListType.create(SimpleType.STRING));
    private static final DeclType TEXT_MAP = DeclType.scalar(MapType.create(SimpleType.STRING, SimpleType.STRING));
    private static final DeclType TIME = DeclType.scalar(SimpleType.TIMESTAMP);
    private static final DeclType INT = DeclType.scalar(SimpleType.INT);

    /** Of {@code request}. */
    public static final DeclType REQUEST = request();
    /** Of {@code namespaceObject}. */
    public static final DeclType NAMESPACE = namespace();

    private AdmissionTypes() {}

    private static DeclType request() {
        DeclType kind =
                DeclType.object("kubernetes.GroupVersionKind", fields("group", TEXT, "version", TEXT, "kind", TEXT));
        DeclType resource = DeclType.object(
                "kubernetes.GroupVersionResource", fields("group", TEXT, "version", TEXT, "resource", TEXT));
        DeclType user = DeclType.object(
                "kubernetes.UserInfo",
                fields(
                        "username",
                        TEXT,
                        "uid",
                        TEXT,
                        "groups",
                        TEXTS,
                        "extra",
                        DeclType.scalar(MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)))));
        return DeclType.object(
                "kubernetes.AdmissionRequest",
                fields(
                        "kind",
                        kind,
                        "resource",
                        resource,
                        "subResource",
                        TEXT,
                        "requestKind",
                        kind,
                        "requestResource",
                        resource,
                        "requestSubResource",
                        TEXT,
                        "name",
                        TEXT,
                        "namespace",
                        TEXT,
                        "operation",
                        TEXT,
                        "userInfo",
                        user,
                        "dryRun",
                        DeclType.scalar(SimpleType.BOOL),
                        "options",
                        DeclType.scalar(SimpleType.DYN)));
    }

    private static DeclType namespace() {
        DeclType metadata = DeclType.object(
                "kubernetes.NamespaceMetadata",
                fields(
                        "name",
                        TEXT,
                        "generateName",
                        TEXT,
                        "namespace",
                        TEXT,
                        "labels",
                        TEXT_MAP,
                        "annotations",
                        TEXT_MAP,
                        "UID",
                        TEXT,
                        "creationTimestamp",
                        TIME,
                        "deletionGracePeriodSeconds",
                        INT,
                        "deletionTimestamp",
                        TIME,
                        "generation",
                        INT,
                        "resourceVersion",
                        TEXT,
                        "finalizers",
                        TEXTS));
        DeclType spec = DeclType.object("kubernetes.NamespaceSpec", fields("finalizers", TEXTS));
        DeclType condition = DeclType.object(
                "kubernetes.NamespaceCondition",
                fields("status", TEXT, "type", TEXT, "lastTransitionTime", TIME, "message", TEXT, "reason", TEXT));
        DeclType status = DeclType.object(
                "kubernetes.NamespaceStatus", fields("conditions", DeclType.list(condition, 0), "phase", TEXT));
        return DeclType.object("kubernetes.Namespace", fields("metadata", metadata, "spec", spec, "status", status));
    }

    private static Map<String, DeclType> fields(Object... namesAndTypes) {
        Map<String, DeclType> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.put((String) namesAndTypes[i], (DeclType) namesAndTypes[i + 1]);
        }
        return fields;
    }
}

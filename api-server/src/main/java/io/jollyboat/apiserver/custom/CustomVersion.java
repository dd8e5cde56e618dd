package io.jollyboat.apiserver.custom;

import io.jollyboat.api.apiextensions.v1.CustomResourceColumnDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionSpec;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiextensions.v1.SelectableField;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.api.options.Subresource;
import io.jollyboat.apiserver.discovery.VersionOrder;
import io.jollyboat.apiserver.managed.Schemas;
import io.jollyboat.apiserver.schema.CustomSchema;
import io.jollyboat.apiserver.validation.EmbeddedMetadata;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One version of a definition. Its {@link #type} carries it as its details. */
public final class CustomVersion {
    private static final List<String> VERBS =
            List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
    private static final List<String> TERMINATING_VERBS = List.of("delete", "deletecollection", "get", "list", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    private final CustomDefinition definition;
    private final String name;
    private final boolean served;
    private final boolean prunes;
    private final boolean status;
    private final ScalePaths scale;
    private final List<CustomResourceColumnDefinition> columns;
    private final List<JsonPath> selectable;
    private final List<String> selectableNames;
    private final String deprecation;
    private final Supplier<JSONSchemaProps> source;
    private final ResourceType<CustomObject> type;
    private volatile CustomSchema schema;
    private volatile Schemas.CustomType merging;
    private volatile CustomTable table;

    CustomVersion(
            CustomDefinition definition,
            CustomResourceDefinitionSpec spec,
            CustomResourceDefinitionVersion version,
            boolean prunes,
            Supplier<JSONSchemaProps> source) {
        this.definition = definition;
        this.name = version.getName();
        this.served = version.getServed();
        this.prunes = prunes;
        this.status = version.getSubresources().hasStatus();
        this.scale = version.getSubresources().hasScale()
                ? ScalePaths.of(version.getSubresources().getScale())
                : null;
        this.columns = version.getAdditionalPrinterColumnsList();
        List<String> paths = version.getSelectableFieldsList().stream()
                .map(SelectableField::getJsonPath)
                .toList();
        this.selectable = paths.stream().map(JsonPath::of).toList();
        this.selectableNames = paths.stream()
                .map(path -> path.startsWith(".") ? path.substring(1) : path)
                .toList();
        this.deprecation = version.getDeprecated() ? deprecation(spec, version) : null;
        this.source = source;
        this.type =
                ResourceType.custom(rules(spec.getGroup()), definition.names().getKind(), this);
    }

    private KindRules rules(String group) {
        CustomResourceDefinitionNames names = definition.names();
        KindRules.Builder rules = KindRules.newBuilder()
                .setGroup(group)
                .setVersion(name)
                .setPlural(names.getPlural())
                .setSingular(names.getSingular())
                .addAllShortNames(names.getShortNamesList())
                .addAllCategories(names.getCategoriesList())
                .setNamespaced(definition.namespaced())
                .addAllVerbs(VERBS);
        if (status) {
            rules.addSubresources(Subresource.newBuilder().setName("status").addAllVerbs(SUBRESOURCE_VERBS));
        }
        if (scale != null) {
            rules.addSubresources(Subresource.newBuilder()
                    .setName("scale")
                    .setKind("autoscaling/v1.Scale")
                    .addAllVerbs(SUBRESOURCE_VERBS));
        }
        return rules.build();
    }

    private static String deprecation(CustomResourceDefinitionSpec spec, CustomResourceDefinitionVersion version) {
        if (version.hasDeprecationWarning()) {
            return version.getDeprecationWarning();
        }
        String kind = spec.getNames().getKind();
        String text = spec.getGroup() + "/" + version.getName() + " " + kind + " is deprecated";
        Optional<String> better = spec.getVersionsList().stream()
                .filter(other -> other.getServed() && !other.getDeprecated())
                .map(CustomResourceDefinitionVersion::getName)
                .filter(other -> VersionOrder.PREFERRED_FIRST.compare(other, version.getName()) < 0)
                .min(VersionOrder.PREFERRED_FIRST);
        return better.map(other -> text + "; use " + spec.getGroup() + "/" + other + " " + kind)
                .orElse(text);
    }

    /** What a custom resource's type stands for. */
    public static CustomVersion of(ResourceType<?> type) {
        return (CustomVersion) type.details();
    }

    public CustomDefinition definition() {
        return definition;
    }

    public String name() {
        return name;
    }

    public boolean served() {
        return served;
    }

    public ResourceType<CustomObject> type() {
        return type;
    }

    /** As discovery shows them, which is not what is allowed: finalizers can be removed to the end. */
    public List<String> discoveredVerbs() {
        return definition.terminating() ? TERMINATING_VERBS : VERBS;
    }

    /** The kind of lists. */
    public String listKind() {
        return definition.names().getListKind();
    }

    /** Whether the status is a subresource. */
    public boolean hasStatus() {
        return status;
    }

    /** Empty where there is no scale subresource. */
    public Optional<ScalePaths> scale() {
        return Optional.ofNullable(scale);
    }

    /** What clients that use the version are warned of. */
    public Optional<String> deprecation() {
        return Optional.ofNullable(deprecation);
    }

    /** Field selectors beside the metadata's, without the leading dot. */
    public List<String> selectableFields() {
        return selectableNames;
    }

    /** The value of a selectable field as selectors compare it. */
    public String selectable(CustomObject object, String field) {
        int index = selectableNames.indexOf(field);
        return index < 0
                ? ""
                : selectable
                        .get(index)
                        .first(JsonPath.document(object, type))
                        .map(JsonPath::text)
                        .orElse("");
    }

    /** Whether unknown fields go. */
    boolean prunes() {
        return prunes;
    }

    /** As declared; parsed anew at each call. */
    public JSONSchemaProps declaredSchema() {
        return source.get();
    }

    /** Compiled when it is first needed. */
    public CustomSchema schema() {
        CustomSchema made = schema;
        if (made == null) {
            made = CustomSchema.of(source.get(), new EmbeddedMetadata());
            schema = made;
        }
        return made;
    }

    /** How objects are merged, and who owns what of them; looked up when it is first needed. */
    public Schemas.CustomType merging() {
        Schemas.CustomType made = merging;
        if (made == null) {
            JSONSchemaProps declared = source.get();
            boolean none = declared == null || declared.equals(JSONSchemaProps.getDefaultInstance());
            made = Schemas.CustomType.of(none ? null : JsonCodec.toTree(declared, null, null));
            merging = made;
        }
        return made;
    }

    /** How the version is shown as a table. */
    public CustomTable table() {
        CustomTable made = table;
        if (made == null) {
            made = CustomTable.of(this, new ArrayList<>(columns));
            table = made;
        }
        return made;
    }
}

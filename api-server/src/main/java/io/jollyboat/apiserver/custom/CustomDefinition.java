package io.jollyboat.apiserver.custom;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionCondition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionSpec;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.errors.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A definition, as far as serving its objects needs it. A change of its spec or names makes another one. */
public final class CustomDefinition {
    private final String name;
    private final String uid;
    private final long generation;
    private final String group;
    private final CustomResourceDefinitionNames names;
    private final boolean namespaced;
    private final boolean terminating;
    private final String storageVersion;
    private final Map<String, CustomVersion> versions = new LinkedHashMap<>();
    private final CustomConverter converter;
    private final ConvertedObjects converted = new ConvertedObjects();

    /**
     * @param source again, when a schema is first needed: schemas are large, and most are never used
     * @param converters by definition: how its objects get from one version to another
     */
    public CustomDefinition(
            CustomResourceDefinition definition,
            Supplier<CustomResourceDefinition> source,
            Function<CustomResourceDefinition, CustomConverter> converters) {
        CustomResourceDefinitionSpec spec = definition.getSpec();
        this.name = definition.getMetadata().getName();
        this.uid = definition.getMetadata().getUid();
        this.generation = definition.getMetadata().getGeneration();
        this.group = spec.getGroup();
        this.names = definition.getStatus().getAcceptedNames();
        this.namespaced = spec.getScope().equals("Namespaced");
        this.terminating = isTrue(definition, "Terminating");
        this.storageVersion = spec.getVersionsList().stream()
                .filter(CustomResourceDefinitionVersion::getStorage)
                .map(CustomResourceDefinitionVersion::getName)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no storage version"));
        boolean prunes = !spec.getPreserveUnknownFields();
        for (CustomResourceDefinitionVersion version : spec.getVersionsList()) {
            versions.put(
                    version.getName(),
                    new CustomVersion(this, spec, version, prunes, () -> schema(source.get(), version.getName())));
        }
        this.converter = converters.apply(definition);
    }

    private static JSONSchemaProps schema(CustomResourceDefinition source, String version) {
        return source.getSpec().getVersionsList().stream()
                .filter(one -> one.getName().equals(version))
                .map(one -> one.getSchema().getOpenAPIV3Schema())
                .findFirst()
                .orElse(JSONSchemaProps.getDefaultInstance());
    }

    /** Whether a condition of a definition is true. */
    public static boolean isTrue(CustomResourceDefinition definition, String condition) {
        return condition(definition, condition)
                .filter(found -> found.getStatus().equals("True"))
                .isPresent();
    }

    /** A condition of a definition. */
    public static Optional<CustomResourceDefinitionCondition> condition(
            CustomResourceDefinition definition, String type) {
        return definition.getStatus().getConditionsList().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    /** {@code plural.group}. */
    public String name() {
        return name;
    }

    public String uid() {
        return uid;
    }

    /** Of its spec. */
    public long generation() {
        return generation;
    }

    public String group() {
        return group;
    }

    /** Those that were accepted. */
    public CustomResourceDefinitionNames names() {
        return names;
    }

    public boolean namespaced() {
        return namespaced;
    }

    /** Whether it is being deleted, so that no objects can be made any more. */
    public boolean terminating() {
        return terminating;
    }

    /** The prefix of its objects' keys. */
    public String prefix() {
        return StorageKeys.prefix(group, names.getPlural());
    }

    /** In which objects are stored from now on. */
    public CustomVersion storageVersion() {
        return versions.get(storageVersion);
    }

    /** All, those not served too. */
    public List<CustomVersion> versions() {
        return List.copyOf(versions.values());
    }

    /** Empty for a version that objects may have been stored in once, and that is gone. */
    public Optional<CustomVersion> version(String version) {
        return Optional.ofNullable(versions.get(version));
    }

    /** 500 for a version that objects are in although the definition does not know it. */
    CustomVersion known(String version) {
        return version(version)
                .orElseThrow(() -> ApiException.internal(
                        "request to convert CR to an invalid group/version: " + group + "/" + version));
    }

    /** What its webhook made of objects. */
    ConvertedObjects converted() {
        return converted;
    }

    CustomConverter converter() {
        return converter;
    }
}

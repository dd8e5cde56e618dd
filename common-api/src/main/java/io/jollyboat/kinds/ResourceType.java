package io.jollyboat.kinds;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.options.KindRules;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * One resource of one group and version: what a URL's plural name, an {@code apiVersion} and {@code kind}, and a
 * protobuf message have in common.
 *
 * @param <T> the kind's message
 */
public final class ResourceType<T extends Message> {
    private final KindRules rules;
    private final String kind;
    /** Null for a built-in resource. */
    private final Object details;

    private final Descriptor descriptor;
    private final FieldDescriptor metadata;
    /** Loaded when first needed. */
    private volatile T prototype;
    /** Likewise; null for kinds without metadata. */
    private volatile MetadataAccess metadataAccess;

    ResourceType(KindRules rules, Descriptor descriptor) {
        this(rules, descriptor.getName(), descriptor, null);
    }

    private ResourceType(KindRules rules, String kind, Descriptor descriptor, Object details) {
        this.rules = rules;
        this.kind = kind;
        this.details = details;
        this.descriptor = descriptor;
        this.metadata = descriptor.findFieldByName("metadata");
    }

    /**
     * A resource that is known at run time only. Each call makes another one; two are never equal.
     *
     * @param rules all that is declared of it: group, version, plural, singular, scope, verbs, subresources
     */
    public static ResourceType<CustomObject> custom(KindRules rules, String kind) {
        return custom(rules, kind, rules);
    }

    /** @param details whatever its maker knows of it, for {@link #details}; not null */
    public static ResourceType<CustomObject> custom(KindRules rules, String kind, Object details) {
        return new ResourceType<>(rules, kind, CustomObject.getDescriptor(), details);
    }

    /** What the maker of a custom resource's type knows of it. */
    public Object details() {
        return details;
    }

    /** Whether objects of the type are {@link CustomObject}s. */
    public boolean isCustom() {
        return details != null;
    }

    /** Empty for the core group. */
    public String group() {
        return rules.getGroup();
    }

    public String version() {
        return rules.getVersion();
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group().isEmpty() ? version() : group() + "/" + version();
    }

    public String kind() {
        return kind;
    }

    public String plural() {
        return rules.getPlural();
    }

    public boolean namespaced() {
        return rules.getNamespaced();
    }

    /** Everything else declared of the kind: short names, categories, verbs, subresources. */
    public KindRules rules() {
        return rules;
    }

    /** The resource as errors name it: {@code pods} or {@code deployments.apps}. */
    public String qualifiedResource() {
        return group().isEmpty() ? plural() : plural() + "." + group();
    }

    /** The kind's default instance. */
    @SuppressWarnings("unchecked") // the descriptor's own class
    public T prototype() {
        T loaded = prototype;
        if (loaded == null) {
            String name = descriptor.getFile().getOptions().getJavaPackage() + "." + descriptor.getName();
            try {
                loaded = (T) defaultInstance(Class.forName(name).asSubclass(Message.class));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("no generated class for " + descriptor.getFullName(), e);
            }
            prototype = loaded;
        }
        return loaded;
    }

    /** The object's metadata; the default instance where it is unset. Kinds without metadata have none either. */
    public ObjectMeta meta(Message object) {
        return metadata == null ? ObjectMeta.getDefaultInstance() : access().get(object);
    }

    public ObjectKey key(Message object) {
        ObjectMeta meta = meta(object);
        return new ObjectKey(meta.getNamespace(), meta.getName());
    }

    /** A copy of the object with other metadata. */
    @SuppressWarnings("unchecked")
    public T withMeta(Message object, ObjectMeta meta) {
        Message.Builder builder = object.toBuilder();
        access().set(builder, meta);
        return (T) builder.build();
    }

    private MetadataAccess access() {
        MetadataAccess known = metadataAccess;
        if (known == null) {
            known = MetadataAccess.of(prototype());
            metadataAccess = known;
        }
        return known;
    }

    /** Decodes the protobuf form. */
    @SuppressWarnings("unchecked")
    public T parse(ByteString bytes) throws InvalidProtocolBufferException {
        return (T) prototype().getParserForType().parseFrom(bytes);
    }

    /** Not by reflection, which would make objects of all the class's methods. */
    static Message defaultInstance(Class<? extends Message> type) {
        try {
            return (Message) MethodHandles.publicLookup()
                    .findStatic(type, "getDefaultInstance", MethodType.methodType(type))
                    .invoke();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalArgumentException(type.getName() + " is not a generated message", e);
        }
    }

    @Override
    public String toString() {
        return apiVersion() + " " + kind;
    }
}

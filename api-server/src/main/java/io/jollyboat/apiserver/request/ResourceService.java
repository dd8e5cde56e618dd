package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.autoscaling.v1.Scale;
import io.jollyboat.api.core.v1.Binding;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Preconditions;
import io.jollyboat.api.policy.v1.Eviction;
import io.jollyboat.apiserver.admission.AdmissionChain;
import io.jollyboat.apiserver.admission.AdmissionContext;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.cache.CacheWatch;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.custom.CustomVersion;
import io.jollyboat.apiserver.managed.Schemas;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What requests do to objects of any kind. Thread-safe; calls block. Access was checked before. */
public final class ResourceService {
    private static final ObjectKind BINDING = ObjectKind.of("v1", "Binding");
    private static final ObjectKind EVICTION = ObjectKind.of("policy/v1", "Eviction");

    private final Conversions conversions;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final ScaleWriter scales;
    private final FieldOwners owners;
    private final ObjectDeleter deleter;
    private final Bindings bindings;
    private final Evictions evictions;
    private final AdmissionChain admission;
    private final Patcher patcher;
    private final Map<String, VirtualResource> virtual;

    /**
     * @param hooks by qualified resource, such as {@code services}
     * @param virtual by qualified resource, or {@code resource/subresource}
     */
    public ResourceService(
            Runtime runtime,
            ObjectStorages storages,
            ObjectRules rules,
            AdmissionChain admission,
            Patcher patcher,
            Map<String, StorageHook> hooks,
            Map<String, VirtualResource> virtual) {
        this.conversions = new Conversions(Kinds.builtIn());
        this.reader = new ObjectReader(storages);
        this.owners = new FieldOwners(runtime, schemas(conversions));
        this.writer = new ObjectWriter(runtime, storages, conversions, rules, admission, hooks, owners);
        this.scales = new ScaleWriter(writer, conversions, owners);
        this.deleter = new ObjectDeleter(runtime, storages, conversions, admission, hooks);
        this.bindings = new Bindings(runtime);
        this.evictions = new Evictions(runtime, storages, reader, writer, deleter);
        this.admission = admission;
        this.patcher = patcher;
        this.virtual = Map.copyOf(virtual);
    }

    /** How the fields of all kinds merge. */
    public static Schemas schemas() {
        return schemas(new Conversions(Kinds.builtIn()));
    }

    private static Schemas schemas(Conversions conversions) {
        return new Schemas(conversions::inVersion, conversions::convert, ResourceService::customType);
    }

    /** Null for what is declared in protobuf. */
    private static Schemas.CustomType customType(ResourceType<?> type) {
        return type.isCustom() ? CustomVersion.of(type).merging() : null;
    }

    /** Whether entries of the type are in the request's version as they are. */
    public boolean isStoredVersion(ResourceType<?> type) {
        return conversions.isStoredVersion(type);
    }

    /** The entry's object in the type's version. */
    public Message object(ResourceType<?> type, Entry entry) {
        return conversions.served(type, entry);
    }

    /** @param resourceVersion empty for the newest state */
    public Entry get(Target target, String resourceVersion) {
        return reader.get(target, resourceVersion);
    }

    /** What a get of the target's subresource answers. */
    public Message getSubresource(Target target, String resourceVersion) {
        Message object = object(target.type(), reader.get(target.main(), resourceVersion));
        return target.subresource().equals("scale") ? Scales.of(target.type(), object) : object;
    }

    public ListPage list(Target target, ListQuery query) {
        return reader.list(target, query);
    }

    /**
     * @throws ApiException 410 and 504 are to be told as an event
     */
    public CacheWatch watch(Target target, ListQuery query) {
        return reader.watch(target, query);
    }

    /** Creates an object, or posts to a subresource or to something that is not stored. */
    public Written create(Call call, Target target, Message body) {
        ResourceType<?> type = target.type();
        if (type.isCustom() && CustomVersion.of(type).definition().terminating()) {
            throw ApiException.forbidden(
                    type.group(),
                    type.plural(),
                    type.meta(body).getName(),
                    "create not allowed while custom resource definition is terminating");
        }
        if (body instanceof Binding binding) {
            String name = target.name().isEmpty() ? binding.getMetadata().getName() : target.name();
            bindings.check(binding, name);
            return bind(call, target, name, (Binding) posted(call, target, name, BINDING, binding));
        }
        if (body instanceof Eviction eviction) {
            return Written.of(
                    evictions.evict(call, target, (Eviction) posted(call, target, target.name(), EVICTION, eviction)),
                    true);
        }
        String key = type.qualifiedResource() + (target.subresource().isEmpty() ? "" : "/" + target.subresource());
        VirtualResource other = virtual.get(key);
        if (other != null) {
            return Written.of(other.create(call, target, body), true);
        }
        if (!target.subresource().isEmpty() || !type.rules().getVerbsList().contains("get")) {
            throw Failures.notImplemented(key);
        }
        return writer.create(call, target, body);
    }

    /** The body of a subresource that is posted to, admitted. */
    private Message posted(Call call, Target target, String name, ObjectKind kind, Message body) {
        AdmissionRequest request = new AdmissionRequest(
                AdmissionRequest.Operation.CREATE,
                call.user(),
                target.type(),
                target.namespace(),
                name,
                target.subresource(),
                null,
                call.dryRun(),
                call.warnings(),
                call.audit(),
                kind,
                WriteOptions.of(call, AdmissionRequest.Operation.CREATE),
                new AdmissionContext());
        Message admitted = admission.mutate(request, body);
        admission.validate(request, admitted);
        return admitted;
    }

    private Written bind(Call call, Target target, String name, Binding binding) {
        Target pod = new Target(Kinds.of(Pod.class), target.namespace(), name, "binding");
        // A binding belongs to nobody, as upstream has it.
        writer.update(call.untracked(), pod, (ignored, old) -> {
            VersionCheck.checkUid(pod, binding.getMetadata().getUid(), old);
            return bindings.bound((Pod) old, binding);
        });
        return Written.of(Evictions.done(), true);
    }

    /** Of the server itself, which may do everything. */
    public Written update(Call call, Target target, Message body) {
        return update(call, target, body, () -> {});
    }

    /**
     * @param mayCreate throws where the caller may not create the object; asked when there is none and the kind's updates
     *     create
     */
    public Written update(Call call, Target target, Message body, Runnable mayCreate) {
        checkName(target, body);
        if (body instanceof Scale scale) {
            return scales.update(call, target, ignored -> scale);
        }
        return writer.update(call, target, (ignored, old) -> {
            if (old == null) {
                mayCreate.run();
            }
            VersionCheck.checkUid(target, Failures.metaOf(body).getUid(), old);
            return SubresourceBodies.object(target, body, old);
        });
    }

    public Written patch(Call call, Target target, PatchKind form, byte[] patch) {
        BodyType bodyType = BodyType.of(target);
        if (target.subresource().equals("scale")) {
            return scales.update(call, target, old ->
                    (Scale) patcher.patch(call, old, bodyType.apiVersion(), bodyType.kind(), form, patch));
        }
        return writer.update(call, target, (ignored, old) -> {
            if (old == null) {
                throw ApiException.notFound(target.type(), target.name());
            }
            Message patched = patcher.patch(call, old, bodyType.apiVersion(), bodyType.kind(), form, patch);
            checkName(target, patched);
            if (patched instanceof CustomObject custom) {
                patched = CustomBodies.pruned(call, target.type(), custom);
            }
            return SubresourceBodies.object(target, patched, old);
        });
    }

    /** Asks whether a connection to a subresource may be made. */
    public void admitConnection(Call call, Target target, Message options) {
        AdmissionRequest request = new AdmissionRequest(
                AdmissionRequest.Operation.CONNECT,
                call.user(),
                target.type(),
                target.namespace(),
                target.name(),
                target.subresource(),
                null,
                false,
                call.warnings(),
                call.audit(),
                ObjectKind.of("v1", options.getDescriptorForType().getName()),
                null,
                new AdmissionContext());
        admission.connect(request, options);
    }

    /**
     * Creates or changes an object, or changes a subresource, as far as the applied body says.
     *
     * @param yaml or JSON, which is YAML too
     * @param force takes from others what they own
     * @param mayCreate throws where the caller may not create the object; asked when there is none
     */
    public Written apply(Call call, Target target, byte[] yaml, boolean force, Runnable mayCreate) {
        if (target.subresource().equals("scale")) {
            return scales.apply(call, target, yaml, force);
        }
        return writer.update(call.untracked(), target, true, (ignored, old) -> {
            AppliedBody body = AppliedBody.read(yaml);
            Message applied = owners.applied(call, target, old, body.tree(), force);
            body.tell(call);
            checkName(target, applied);
            if (old == null) {
                mayCreate.run();
                return begun(target, applied);
            }
            return FieldOwners.kept(target.type(), SubresourceBodies.object(target, applied, old), applied);
        });
    }

    /** A new object has no identity yet, and any resourceVersion will do. */
    private static Message begun(Target target, Message applied) {
        ResourceType<?> type = target.type();
        ObjectMeta meta = type.meta(applied);
        if (!meta.getUid().isEmpty()) {
            throw ApiException.conflict(
                    type,
                    target.name(),
                    "uid mismatch: the provided object specified uid " + meta.getUid()
                            + ", and no existing object was found");
        }
        return type.withMeta(applied, meta.toBuilder().clearResourceVersion().build());
    }

    public Deletion delete(Call call, Target target, DeleteOptions options) {
        return deleter.delete(call, target, options);
    }

    /** Deletes what the query selects; answers what was selected, as it was before. */
    public ListPage deleteCollection(Call call, Target target, ListQuery query, DeleteOptions options) {
        ListPage page = reader.list(target, query);
        List<Entry> selected = new ArrayList<>();
        for (Entry entry : page.entries()) {
            try {
                deleter.delete(
                        call,
                        new Target(target.type(), entry.namespace(), entry.name(), ""),
                        ofVersion(options, query));
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
            selected.add(entry);
        }
        return new ListPage(selected, page.revision(), page.continueToken(), page.remaining());
    }

    /** A resourceVersion in the query of a deletion is a precondition. */
    private static DeleteOptions ofVersion(DeleteOptions options, ListQuery query) {
        return query.resourceVersion().isEmpty()
                ? options
                : options.toBuilder()
                        .setPreconditions(Preconditions.newBuilder(options.getPreconditions())
                                .setResourceVersion(query.resourceVersion()))
                        .build();
    }

    /** Whether a finished delete answers with the object rather than with a Status. */
    public boolean returnsDeleted(ResourceType<?> type) {
        return KindStrategies.of(type).returnsDeleted();
    }

    private static void checkName(Target target, Message body) {
        String name = Failures.nameOf(body);
        if (name.isEmpty()) {
            throw ApiException.badRequest("the name of the object (" + target.name()
                    + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(target.name())) {
            throw ApiException.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
    }
}

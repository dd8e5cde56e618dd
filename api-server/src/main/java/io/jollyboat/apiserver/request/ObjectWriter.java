package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.admission.AdmissionChain;
import io.jollyboat.apiserver.admission.AdmissionContext;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.apiserver.request.StorageHook.Reservation;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Creates and changes objects of any kind. */
final class ObjectWriter {
    private static final int NAME_ATTEMPTS = 8;
    /** Where a change is the user's wish; what the scheduler or a controller writes is not counted. */
    private static final Set<String> COUNTED = Set.of("", "scale", "ephemeralcontainers", "resize");

    private final SystemMetadata system;
    private final ObjectStorages storages;
    private final Conversions conversions;
    private final ObjectRules rules;
    private final AdmissionChain admission;
    private final Map<String, StorageHook> hooks;
    private final FieldOwners owners;

    ObjectWriter(
            Runtime runtime,
            ObjectStorages storages,
            Conversions conversions,
            ObjectRules rules,
            AdmissionChain admission,
            Map<String, StorageHook> hooks,
            FieldOwners owners) {
        this.system = new SystemMetadata(runtime);
        this.storages = storages;
        this.conversions = conversions;
        this.rules = rules;
        this.admission = admission;
        this.hooks = Map.copyOf(hooks);
        this.owners = owners;
    }

    /** @param target a collection; the object's name decides */
    Written create(Call call, Target target, Message body) {
        ResourceType<?> type = target.type();
        Message object = SystemMetadata.inNamespace(target, rules.withDefaults(type, body));
        if (!type.meta(object).getResourceVersion().isEmpty() && !call.dryRun()) {
            throw ApiException.of(500, "", "resourceVersion should not be set on objects to be created");
        }
        boolean generated = type.meta(object).getName().isEmpty()
                && !type.meta(object).getGenerateName().isEmpty();
        for (int attempt = 1; ; attempt++) {
            try {
                return createOnce(call, target, object);
            } catch (ApiException e) {
                if (!generated || !e.isAlreadyExists() || attempt == NAME_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Written createOnce(Call call, Target target, Message body) {
        ResourceType<?> type = target.type();
        Target asked = target.named(type.meta(body).getName());
        AdmissionRequest request = request(call, asked, Operation.CREATE, null);
        Message object = admitted(call, type, request, owners.created(call, asked, SystemMetadata.wiped(type, body)));
        object = rules.withDefaults(type, system.begun(type, object));
        KindStrategy strategy = KindStrategies.of(type);
        object = strategy.prepareCreate(type, object);
        String name = type.meta(object).getName();
        Target named = target.named(name);
        check(type, name, rules.onCreate(type, object));
        rules.warnings(object, null).forEach(call::warn);
        admission.validate(request.named(name), object);
        WriteAttempt attempt = new WriteAttempt();
        attempt.reserved(hook(type).onCreate(object, call.dryRun()));
        return attempt.carriedOut(() -> store(call, named, strategy, attempt.object));
    }

    private Written store(Call call, Target target, KindStrategy strategy, Message object) {
        ResourceType<?> type = target.type();
        if (call.dryRun()) {
            if (storage(type).get(target.key()) != null) {
                throw ApiException.alreadyExists(type, target.name());
            }
            return Written.of(object, true);
        }
        try {
            Entry entry = storage(type)
                    .create(
                            target.key(),
                            conversions.toStored(type, strategy.prepareStored(object)),
                            strategy.ttlSeconds(object));
            return Written.of(entry, true);
        } catch (ApiException e) {
            throw e.isAlreadyExists() ? exists(target) : e;
        }
    }

    /** Names the resource as the request does, and says when the obstacle is on its way out. */
    private ApiException exists(Target target) {
        Entry there = storage(target.type()).get(target.key());
        ApiException plain = ApiException.alreadyExists(target.type(), target.name());
        if (there == null || !there.meta().hasDeletionTimestamp()) {
            return plain;
        }
        return new ApiException(plain.status().toBuilder()
                .setMessage("object is being deleted: " + plain.status().getMessage())
                .build());
    }

    /**
     * Changes an object.
     *
     * @param change from the present object in the request's version (null when there is none and the kind creates on
     *     update) to the wanted one, as the client means it
     */
    Written update(Call call, Target target, BiFunction<Call, Message, Message> change) {
        boolean creates = KindStrategies.of(target.type()).createsOnUpdate();
        return update(call, target, creates, change);
    }

    /** As above; the caller says whether an absent object is created. */
    Written update(Call call, Target target, boolean creates, BiFunction<Call, Message, Message> change) {
        ResourceType<?> type = target.type();
        KindStrategy strategy = KindStrategies.of(type);
        WriteAttempt attempt = new WriteAttempt();
        boolean main = target.subresource().isEmpty();
        try {
            Entry entry = attempt.carriedOut(() -> storage(type)
                    .update(
                            target.key(),
                            Preconditions.NONE,
                            main && creates,
                            // An event lives on for as long again when it is seen again.
                            strategy.ttlSeconds(null),
                            current -> attempt.next(() -> changed(call, target, strategy, current, change, attempt))));
            return finished(target, attempt, entry);
        } catch (DryRunOver over) {
            return Written.of(over.object, over.created);
        }
    }

    private Written finished(Target target, WriteAttempt attempt, Entry entry) {
        if (attempt.endsDeletion) {
            ObjectMeta meta = entry.meta();
            // The last finalizer went: the write is not stored, the object goes instead.
            storage(target.type())
                    .delete(target.key(), new Preconditions(meta.getUid(), meta.getResourceVersion()), current -> {});
            hook(target.type()).onDeleted(conversions.served(target.type(), entry));
            ObjectMeta last = target.type().meta(attempt.object).toBuilder()
                    .setResourceVersion(meta.getResourceVersion())
                    .build();
            return Written.of(target.type().withMeta(attempt.object, last), false);
        }
        return Written.of(entry, attempt.creates);
    }

    /** One attempt; null leaves the object as it is. */
    private Message changed(
            Call call,
            Target target,
            KindStrategy strategy,
            Entry current,
            BiFunction<Call, Message, Message> change,
            WriteAttempt attempt) {
        ResourceType<?> type = target.type();
        Message old = current == null ? null : conversions.served(type, current);
        Message wanted = SystemMetadata.inNamespace(target, rules.withDefaults(type, change.apply(call, old)));
        ObjectMeta wantedMeta = type.meta(wanted);
        if (current == null) {
            return createdByUpdate(call, target, strategy, wanted, attempt);
        }
        VersionCheck.check(target, strategy, wantedMeta, current);
        AdmissionView view = AdmissionView.of(target);
        AdmissionRequest request = request(call, target, Operation.UPDATE, old);
        wanted = owners.updated(call, target, wanted, old);
        Message object = system.merged(target, strategy, admitted(call, type, request, view, wanted), old);
        object = rules.withDefaults(type, object);
        object = COUNTED.contains(target.subresource()) ? system.counted(type, strategy, object, old) : object;
        object = FieldOwners.settled(type, object, old);
        check(type, target.name(), rules.onUpdate(type, object, old, target.subresource()));
        if (target.subresource().isEmpty()) {
            rules.warnings(object, old).forEach(call::warn);
        }
        if (view != AdmissionView.NOTHING) {
            admission.validate(request, view.shown(type, object));
        }
        Reservation reservation = target.subresource().isEmpty()
                ? hook(type).onUpdate(object, old, call.dryRun())
                : StorageHook.nothing(object);
        attempt.reserved(reservation);
        object = attempt.object;
        attempt.endsDeletion = SystemMetadata.endsDeletion(type.meta(object)) && strategy.mayGo(object);
        if (call.dryRun()) {
            throw new DryRunOver(object, false);
        }
        return attempt.endsDeletion ? null : conversions.toStored(type, object);
    }

    private Message createdByUpdate(
            Call call, Target target, KindStrategy strategy, Message wanted, WriteAttempt attempt) {
        ResourceType<?> type = target.type();
        if (!type.meta(wanted).getResourceVersion().isEmpty()) {
            throw ApiException.notFound(type, target.name());
        }
        attempt.creates = true;
        AdmissionRequest request = request(call, target, Operation.CREATE, null);
        Message object = owners.created(call, target, SystemMetadata.wiped(type, wanted));
        object = admitted(call, type, request, object);
        object = rules.withDefaults(type, system.begun(type, object));
        object = strategy.prepareCreate(type, object);
        check(type, target.name(), rules.onCreate(type, object));
        rules.warnings(object, null).forEach(call::warn);
        admission.validate(request, object);
        Reservation reservation = hook(type).onCreate(object, call.dryRun());
        attempt.reserved(reservation);
        if (call.dryRun()) {
            throw new DryRunOver(reservation.object(), true);
        }
        return conversions.toStored(type, reservation.object());
    }

    private Message admitted(Call call, ResourceType<?> type, AdmissionRequest request, Message object) {
        return FieldOwners.checked(call, type, admission.mutate(request, object), object);
    }

    private Message admitted(
            Call call, ResourceType<?> type, AdmissionRequest request, AdmissionView view, Message object) {
        return switch (view) {
            case OBJECT -> admitted(call, type, request, object);
            case NOTHING -> object;
            case SCALE -> {
                Message scale = view.shown(type, object);
                Message admitted = admission.mutate(request, scale);
                yield admitted.equals(scale) ? object : view.changed(type, object, admitted);
            }
        };
    }

    private static void check(ResourceType<?> type, String name, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            // Whatever the version that an event came in, it is refused as what it is stored as.
            String group = type.kind().equals("Event") ? "" : type.group();
            throw ApiException.invalid(group, type.kind(), name, errors);
        }
    }

    private static AdmissionRequest request(Call call, Target target, Operation operation, Message old) {
        AdmissionView view = AdmissionView.of(target);
        return new AdmissionRequest(
                operation,
                call.user(),
                target.type(),
                target.namespace(),
                target.name(),
                target.subresource(),
                view.shown(target.type(), old),
                call.dryRun(),
                call.warnings(),
                call.audit(),
                view.kind(),
                WriteOptions.of(call, operation),
                new AdmissionContext());
    }

    private StorageHook hook(ResourceType<?> type) {
        return hooks.getOrDefault(type.qualifiedResource(), StorageHook.NONE);
    }

    private ObjectStorage storage(ResourceType<?> type) {
        return storages.of(type);
    }

    /** Leaves the storage's retry loop without writing. */
    private static final class DryRunOver extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Message object;
        private final boolean created;

        DryRunOver(Message object, boolean created) {
            super(null, null, false, false);
            this.object = object;
            this.created = created;
        }
    }
}

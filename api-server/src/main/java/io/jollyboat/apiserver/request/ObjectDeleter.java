package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.admission.AdmissionChain;
import io.jollyboat.apiserver.admission.AdmissionContext;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects of any kind: at once, or step by step where finalizers and grace periods ask for it. */
final class ObjectDeleter {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectDeleter.class);

    /** A delete that met other writes this often in a row gives up. */
    private static final int ATTEMPTS = 20;

    private final Runtime runtime;
    private final ObjectStorages storages;
    private final Conversions conversions;
    private final AdmissionChain admission;
    private final Map<String, StorageHook> hooks;

    ObjectDeleter(
            Runtime runtime,
            ObjectStorages storages,
            Conversions conversions,
            AdmissionChain admission,
            Map<String, StorageHook> hooks) {
        this.runtime = runtime;
        this.storages = storages;
        this.conversions = conversions;
        this.admission = admission;
        this.hooks = Map.copyOf(hooks);
    }

    Deletion delete(Call call, Target target, DeleteOptions options) {
        return delete(call, target, options, false);
    }

    /** Of what asked for the deletion has been admitted. */
    Deletion deleteAdmitted(Call call, Target target, DeleteOptions options) {
        return delete(call, target, options, true);
    }

    private Deletion delete(Call call, Target target, DeleteOptions options, boolean admitted) {
        ApiException last = null;
        Entry marked = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Attempt once = new Attempt(call, target, options, admitted, marked);
            try {
                return once.run();
            } catch (ApiException e) {
                marked = once.marked;
                if (marked != null && e.isNotFound()) {
                    // It was marked as about to go, and somebody who clears away such objects was faster.
                    return new Deletion(conversions.served(target.type(), marked), true);
                }
                if (!e.isConflict() || !once.mayRetry) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    private ObjectStorage storage(Target target) {
        return storages.of(target.type());
    }

    /** One try: decides in a change function what is to be done, then does it on the state it was decided on. */
    private final class Attempt {
        private final Call call;
        private final Target target;
        private final ResourceType<?> type;
        private final DeleteOptions options;
        private final boolean admitted;
        private final KindStrategy strategy;
        private DeletionPlan plan;
        private Entry basis;
        private boolean mayRetry;
        /** The object as it was left to be removed, by this attempt or one before; null where it was not. */
        private Entry marked;

        Attempt(Call call, Target target, DeleteOptions options, boolean admitted, Entry marked) {
            this.admitted = admitted;
            this.call = call;
            this.target = target;
            this.type = target.type();
            this.options = options;
            this.strategy = KindStrategies.of(type);
            this.marked = marked;
        }

        Deletion run() {
            try {
                // Most objects just go: one transaction, on the state that the plan was made for.
                return removed(storage(target).delete(target.key(), Preconditions.NONE, this::requireRemoval));
            } catch (DryRunOver over) {
                return new Deletion(over.object, plan.removes());
            } catch (Stays stays) {
                return changed();
            }
        }

        private void requireRemoval(Entry current) {
            if (next(current) != null || !plan.removes()) {
                throw new Stays();
            }
        }

        private Deletion changed() {
            Entry updated;
            try {
                updated = storage(target)
                        .update(target.key(), Preconditions.NONE, false, strategy.ttlSeconds(null), this::next);
            } catch (DryRunOver over) {
                return new Deletion(over.object, plan.removes());
            }
            if (!plan.removes()) {
                return new Deletion(conversions.served(type, updated), false);
            }
            mayRetry = true;
            marked = updated;
            Entry last = storage(target)
                    .delete(
                            target.key(),
                            new Preconditions(updated.uid(), Long.toString(updated.revision())),
                            current -> {});
            return removed(last == null ? updated : last);
        }

        private Deletion removed(Entry last) {
            Message object = conversions.served(type, last);
            hooks.getOrDefault(type.qualifiedResource(), StorageHook.NONE).onDeleted(object);
            if (object instanceof Service) {
                deleteEndpoints();
            }
            return new Deletion(object, true);
        }

        /** At once, so that a Service that is made again under the name does not begin with the old ones. */
        private void deleteEndpoints() {
            try {
                storages.of(Kinds.of(Endpoints.class)).delete(target.key(), Preconditions.NONE, current -> {});
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    LOG.warn("the Endpoints of a deleted Service stay service={}", target.key(), e);
                }
            }
        }

        private Message next(Entry current) {
            basis = current;
            if (marked != null && !marked.uid().equals(current.uid())) {
                // Another object of that name, which nobody asked to delete.
                throw ApiException.notFound(type, target.name());
            }
            Message object = conversions.served(type, current);
            checkPreconditions(object);
            if (!admitted) {
                admission.delete(request(object));
            }
            plan = switch (object) {
                case Namespace namespace -> NamespaceDeletion.plan(namespace, options, now());
                case CustomResourceDefinition definition
                when !definition.getMetadata().hasDeletionTimestamp() -> DefinitionDeletion.plan(definition, now());
                default -> DeletionPlan.of(type, strategy, object, options, now());
            };
            if (call.dryRun()) {
                throw new DryRunOver(plan.object());
            }
            return plan.changes() ? conversions.toStored(type, plan.object()) : null;
        }

        private AdmissionRequest request(Message object) {
            return new AdmissionRequest(
                    AdmissionRequest.Operation.DELETE,
                    call.user(),
                    type,
                    target.namespace(),
                    target.name(),
                    target.subresource(),
                    object,
                    call.dryRun(),
                    call.warnings(),
                    call.audit(),
                    null,
                    options,
                    new AdmissionContext());
        }

        private void checkPreconditions(Message object) {
            ObjectMeta meta = type.meta(object);
            String uid = options.getPreconditions().getUid();
            if (options.getPreconditions().hasUid() && !uid.equals(meta.getUid())) {
                throw precondition("the UID in the precondition (" + uid + ") does not match the UID in record ("
                        + meta.getUid() + "). The object might have been deleted and then recreated");
            }
            String version = options.getPreconditions().getResourceVersion();
            if (options.getPreconditions().hasResourceVersion() && !version.equals(Long.toString(basis.revision()))) {
                throw precondition("the ResourceVersion in the precondition (" + version
                        + ") does not match the ResourceVersion in record (" + basis.revision()
                        + "). The object might have been modified");
            }
        }

        /** Names the kind where other conflicts name the plural. */
        private ApiException precondition(String text) {
            ApiException plain = ApiException.conflict(type, target.name(), text);
            String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
            return new ApiException(plain.status().toBuilder()
                    .setMessage("Operation cannot be fulfilled on " + kind + " \"" + target.name() + "\": " + text)
                    .setDetails(plain.status().getDetails().toBuilder().setKind(type.kind()))
                    .build());
        }
    }

    private Instant now() {
        return runtime.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Sets when an object is to end. */
    static ObjectMeta.Builder marked(ObjectMeta meta, Instant end, long graceSeconds) {
        ObjectMeta.Builder builder =
                meta.toBuilder().setDeletionTimestamp(Times.time(end)).setDeletionGracePeriodSeconds(graceSeconds);
        if (!meta.hasDeletionTimestamp() && meta.getGeneration() > 0) {
            builder.setGeneration(meta.getGeneration() + 1);
        }
        return builder;
    }

    /** Leaves the storage's retry loop: the object is to be changed before it goes, or stays. */
    private static final class Stays extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Stays() {
            super(null, null, false, false);
        }
    }

    /** Leaves the storage's retry loop without writing. */
    private static final class DryRunOver extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Message object;

        DryRunOver(Message object) {
            super(null, null, false, false);
            this.object = object;
        }
    }
}

package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.Map;

/** All validators; kinds that have none have the rules of metadata alone. */
public final class Validators {
    private static final Map<ResourceType<?>, Validator<Message>> OWN = all();

    private Validators() {}

    private static Map<ResourceType<?>, Validator<Message>> all() {
        Validator.Registry registry = new Validator.Registry();
        CoreKinds.addTo(registry);
        WorkloadKinds.addTo(registry);
        NetworkKinds.addTo(registry);
        StorageKinds.addTo(registry);
        AccessKinds.addTo(registry);
        ExtensionKinds.addTo(registry);
        return registry.build();
    }

    /** True where the kind has rules of its own. */
    public static boolean has(ResourceType<?> type) {
        return OWN.containsKey(type);
    }

    /** What is wrong with a new object; empty where nothing is. */
    public static List<FieldError> validateCreate(ResourceType<?> type, Message object) {
        Errors errors = new Errors();
        Validator<Message> own = OWN.get(type);
        if (own == null) {
            MetaRules.check(errors, type.meta(object), type.namespaced(), "metadata", Names::pathSegment);
        } else {
            own.creation().check(errors, object);
        }
        if (errors.found().isEmpty()) {
            // Upstream's second look, for kinds whose rules leave metadata out, or take any name.
            if (type.group().equals("apiextensions.k8s.io")) {
                MetaRules.generic(errors, type.meta(object), type.namespaced(), "metadata", Names::pathSegment);
            } else {
                MetaRules.check(errors, type.meta(object), type.namespaced(), "metadata", Names::pathSegment);
            }
        }
        return errors.found();
    }

    /** What is wrong with a changed object. */
    public static List<FieldError> validateUpdate(ResourceType<?> type, Message object, Message old) {
        Errors errors = common(type, object, old);
        Validator<Message> own = OWN.get(type);
        if (own != null) {
            own.change().check(errors, object, old);
        }
        return errors.found();
    }

    /** What is wrong with a change through a subresource; where the kind says nothing, only metadata can be. */
    public static List<FieldError> validateSubresource(
            ResourceType<?> type, Message object, Message old, String subresource) {
        Errors errors = common(type, object, old);
        Validator<Message> own = OWN.get(type);
        Validator.Change<Message> change =
                own == null ? null : own.subresources().get(subresource);
        if (change != null) {
            change.check(errors, object, old);
        }
        return errors.found();
    }

    /** Upstream's first look at any change; what the kind's own rules say again, stands twice among the causes. */
    private static Errors common(ResourceType<?> type, Message object, Message old) {
        Errors errors = new Errors();
        if (type.group().equals("apiextensions.k8s.io")) {
            MetaRules.generic(errors, type.meta(object), type.namespaced(), "metadata", Names::pathSegment);
        } else {
            MetaRules.check(errors, type.meta(object), type.namespaced(), "metadata", Names::pathSegment);
        }
        MetaRules.checkUpdate(errors, type.meta(object), type.meta(old), "metadata");
        return errors;
    }
}

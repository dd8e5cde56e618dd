package io.jollyboat.apiserver.validation;

import com.google.protobuf.Message;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.HashMap;
import java.util.Map;

/**
 * The rules of one kind.
 *
 * @param subresources rules of changes through subresources, by their names
 */
record Validator<T extends Message>(Creation<T> creation, Change<T> change, Map<String, Change<T>> subresources) {
    interface Creation<T> {
        void check(Errors errors, T object);
    }

    interface Change<T> {
        void check(Errors errors, T object, T old);
    }

    /** Validators by kind, as the lists of built-in kinds fill them in. */
    static final class Registry {
        private final Map<ResourceType<?>, Validator<Message>> validators = new HashMap<>();

        @SuppressWarnings("unchecked")
        <T extends Message> void add(Class<T> kind, Creation<T> creation, Change<T> change) {
            validators.put(Kinds.of(kind), (Validator<Message>) new Validator<>(creation, change, new HashMap<>()));
        }

        /** For kinds whose updates have no rules but those of new objects. */
        <T extends Message> void add(Class<T> kind, Creation<T> creation) {
            ResourceType<T> type = Kinds.of(kind);
            add(kind, creation, (errors, object, old) -> {
                MetaRules.checkUpdate(errors, type.meta(object), type.meta(old), "metadata");
                creation.check(errors, object);
            });
        }

        /** A kind that was added before has rules of its own for a subresource. */
        @SuppressWarnings("unchecked")
        <T extends Message> void subresource(Class<T> kind, String name, Change<T> change) {
            validators.get(Kinds.of(kind)).subresources().put(name, (Change<Message>) change);
        }

        Map<ResourceType<?>, Validator<Message>> build() {
            return Map.copyOf(validators);
        }
    }
}

package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.values.Times;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the class that is marked by an annotation as the default: of several the newest. */
final class DefaultClass<T extends Message> {
    private final CachedObjects<T> classes;
    private final ResourceType<T> type;
    private final Set<String> annotations;

    DefaultClass(CachedObjects<T> classes, Class<T> kind, Set<String> annotations) {
        this.classes = classes;
        this.type = Kinds.of(kind);
        this.annotations = annotations;
    }

    Optional<String> name() {
        List<T> all = classes.list("");
        return all.stream()
                .map(type::meta)
                .filter(this::isDefault)
                .min(Comparator.comparing((ObjectMeta meta) -> Times.instant(meta.getCreationTimestamp()))
                        .reversed()
                        .thenComparing(ObjectMeta::getName))
                .map(ObjectMeta::getName);
    }

    private boolean isDefault(ObjectMeta meta) {
        return annotations.stream()
                .anyMatch(annotation ->
                        meta.getAnnotationsOrDefault(annotation, "").equals("true"));
    }
}

package io.jollyboat.apiserver.schema;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.errors.FieldError;
import java.util.List;

/** What is wrong with the metadata of an object that stands within another. */
@FunctionalInterface
public interface MetadataRules {
    /** @param path of the metadata */
    List<FieldError> check(ObjectMeta metadata, boolean namespaced, String path);
}

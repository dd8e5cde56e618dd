package io.jollyboat.apiserver.validation;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.schema.MetadataRules;
import io.jollyboat.errors.FieldError;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of metadata in objects that stand within custom resources: any name will do that can stand in a path. */
public final class EmbeddedMetadata implements MetadataRules {
    @Override
    public List<FieldError> check(ObjectMeta metadata, boolean namespaced, String path) {
        Errors errors = new Errors();
        String prefix = metadata.getGenerateName();
        // A prefix may be dots alone: something follows.
        errors.invalid(path + ".generateName", prefix, Names.pathSegment(prefix + "x"));
        ObjectMeta rest = metadata.toBuilder().clearGenerateName().build();
        MetaRules.generic(errors, rest, namespaced, path, Names::pathSegment);
        return errors.found();
    }
}

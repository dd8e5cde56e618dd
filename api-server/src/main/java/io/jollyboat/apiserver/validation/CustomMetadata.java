package io.jollyboat.apiserver.validation;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.errors.FieldError;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of the metadata of custom objects. */
public final class CustomMetadata {
    private CustomMetadata() {}

    public static List<FieldError> onCreate(ObjectMeta meta, boolean namespaced) {
        Errors errors = new Errors();
        MetaRules.generic(errors, meta, namespaced, "metadata", Names::dns1123Subdomain);
        return errors.found();
    }

    public static List<FieldError> onUpdate(ObjectMeta meta, ObjectMeta old) {
        Errors errors = new Errors();
        MetaRules.checkUpdate(errors, meta, old, "metadata");
        return errors.found();
    }
}

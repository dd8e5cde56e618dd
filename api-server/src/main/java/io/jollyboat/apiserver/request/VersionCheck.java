package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import java.util.List;

/** Whether an update may go ahead on the present state: its resourceVersion and uid. */
final class VersionCheck {
    private static final String STALE =
            "the object has been modified; please apply your changes to the latest version and try again";

    private VersionCheck() {}

    static void check(Target target, KindStrategy strategy, ObjectMeta wanted, Entry current) {
        String version = wanted.getResourceVersion();
        if (!version.isEmpty() && !isNumber(version)) {
            throw ApiException.of(500, "", "strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
        }
        boolean unconditional = version.isEmpty() || version.equals("0");
        if (unconditional
                && !strategy.allowsUnconditionalUpdate()
                && (target.subresource().isEmpty() || target.type().isCustom())) {
            throw invalidResource(
                    target,
                    FieldError.of(
                            FieldError.Type.INVALID, "metadata.resourceVersion", 0, "must be specified for an update"));
        }
        if (!unconditional && Long.parseUnsignedLong(version) != current.revision()) {
            throw ApiException.conflict(target.type(), target.name(), STALE);
        }
    }

    /** Who sends a whole object, or binds one, means the very one that they saw. */
    static void checkUid(Target target, String wanted, Message old) {
        String uid = old == null ? "" : target.type().meta(old).getUid();
        if (!wanted.isEmpty() && !uid.isEmpty() && !wanted.equals(uid)) {
            throw ApiException.conflict(
                    target.type(),
                    target.name(),
                    "StorageError: invalid object, Code: 4, Key: " + StorageKeys.prefix(target.type()) + target.key()
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
                            + wanted + ", UID in object meta: " + uid);
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 20 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** This error alone names the plural where others name the kind. */
    private static ApiException invalidResource(Target target, FieldError error) {
        ApiException plain = ApiException.invalid(target.type(), target.name(), List.of(error));
        return new ApiException(plain.status().toBuilder()
                .setMessage(target.type().qualifiedResource() + " \"" + target.name() + "\" is invalid: " + error)
                .setDetails(plain.status().getDetails().toBuilder()
                        .setKind(target.type().plural()))
                .build());
    }
}

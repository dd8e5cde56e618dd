package io.jollyboat.apiserver.validation;

import io.jollyboat.api.storage.v1.VolumeAttachment;
import io.jollyboat.api.storage.v1.VolumeAttachmentSource;
import io.jollyboat.api.storage.v1.VolumeAttachmentStatus;
import io.jollyboat.api.storage.v1.VolumeError;
import io.jollyboat.values.Names;

/** The rules of volume attachments. */
final class VolumeAttachmentRules {
    private static final int METADATA_LIMIT = 256 * 1024;
    private static final int MESSAGE_LIMIT = 1024;

    private VolumeAttachmentRules() {}

    static void create(Errors errors, VolumeAttachment attachment) {
        MetaRules.check(errors, attachment.getMetadata(), false, "metadata", Names::dns1123Subdomain);
        CsiRules.driverName(errors, attachment.getSpec().getAttacher(), "spec.attacher");
        VolumeAttachmentSource source = attachment.getSpec().getSource();
        source(errors, source);
        String node = attachment.getSpec().getNodeName();
        errors.invalid("spec.nodeName", node, Names.dns1123Subdomain(node));
        status(errors, attachment.getStatus());
        if (source.hasPersistentVolumeName()) {
            errors.invalid(
                    "spec.source.persistentVolumeName",
                    source.getPersistentVolumeName(),
                    Names.dns1123Subdomain(source.getPersistentVolumeName()));
        }
    }

    static void update(Errors errors, VolumeAttachment attachment, VolumeAttachment old) {
        create(errors, attachment);
        errors.unchanged("spec", attachment.getSpec(), old.getSpec());
    }

    private static void source(Errors errors, VolumeAttachmentSource source) {
        String path = "spec.source";
        boolean named = source.hasPersistentVolumeName();
        if (!named && !source.hasInlineVolumeSpec()) {
            errors.required(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (named && source.hasInlineVolumeSpec()) {
            errors.forbidden(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (named && source.getPersistentVolumeName().isEmpty()) {
            errors.required(path + ".persistentVolumeName", "must specify non empty persistentVolumeName");
        } else if (!named) {
            PersistentVolumeRules.inline(errors, source.getInlineVolumeSpec(), path + ".inlineVolumeSpec");
        }
    }

    private static void status(Errors errors, VolumeAttachmentStatus status) {
        long size = status.getAttachmentMetadataMap().entrySet().stream()
                .mapToLong(entry ->
                        entry.getKey().length() + (long) entry.getValue().length())
                .sum();
        if (size > METADATA_LIMIT) {
            errors.tooLong("status.attachmentMetadata", METADATA_LIMIT);
        }
        error(errors, status.getAttachError(), "status.attachError");
        error(errors, status.getDetachError(), "status.detachError");
    }

    private static void error(Errors errors, VolumeError error, String path) {
        if (error.getMessage().length() > MESSAGE_LIMIT) {
            errors.tooLong(path + ".message", METADATA_LIMIT);
        }
        if (error.getErrorCode() < 0) {
            errors.invalid(
                    path + ".errorCode",
                    error.getErrorCode(),
                    Names.inRange(error.getErrorCode(), 0, Integer.MAX_VALUE));
        }
    }
}

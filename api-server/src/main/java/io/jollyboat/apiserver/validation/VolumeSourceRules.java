package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.HostPathVolumeSource;
import io.jollyboat.api.core.v1.KeyToPath;
import io.jollyboat.api.core.v1.NFSVolumeSource;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.values.Names;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of sources that pods' volumes and persistent volumes share, and of paths in them. */
final class VolumeSourceRules {
    private static final Pattern INITIATOR = Pattern.compile(
            "iqn\\.\\d{4}-\\d{2}\\.[\\p{Alnum}.-]+:[^,;*&$|\\s]+$|^eui.\\p{Alnum}{16}$|^naa.\\p{Alnum}{32}$");

    private VolumeSourceRules() {}

    static void hostPath(Errors errors, HostPathVolumeSource source, String path) {
        if (source.getPath().isEmpty()) {
            errors.required(path + ".path");
            return;
        }
        noBacksteps(errors, source.getPath(), path + ".path");
        errors.oneOf(
                path + ".type",
                source.getType(),
                "",
                "BlockDevice",
                "CharDevice",
                "Directory",
                "DirectoryOrCreate",
                "File",
                "FileOrCreate",
                "Socket");
    }

    static void nfs(Errors errors, NFSVolumeSource source, String path) {
        if (source.getServer().isEmpty()) {
            errors.required(path + ".server");
        }
        if (source.getPath().isEmpty()) {
            errors.required(path + ".path");
        }
        if (!source.getPath().startsWith("/")) {
            errors.invalid(path + ".path", source.getPath(), "must be an absolute path");
        }
    }

    static void iscsi(Errors errors, VolumeSource source, String path) {
        if (source.getIscsi().getTargetPortal().isEmpty()) {
            errors.required(path + ".targetPortal");
        }
        iqn(errors, source.getIscsi().getIqn(), path + ".iqn");
        int unit = source.getIscsi().getLun();
        errors.invalid(path + ".lun", unit, Names.inRange(unit, 0, 255));
    }

    static void iqn(Errors errors, String name, String path) {
        if (name.isEmpty()) {
            errors.required(path);
        } else if (!name.startsWith("iqn") && !name.startsWith("eui") && !name.startsWith("naa")) {
            errors.invalid(path, name, "must be valid format starting with iqn, eui, or naa");
        } else if (!INITIATOR.matcher(name).find()) {
            errors.invalid(path, name, "must be valid format");
        }
    }

    static void mode(Errors errors, boolean set, int mode, String path) {
        if (set && (mode < 0 || mode > 0777)) {
            errors.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    static void items(Errors errors, List<KeyToPath> items, String path) {
        for (int i = 0; i < items.size(); i++) {
            KeyToPath item = items.get(i);
            String at = path + "[" + i + "]";
            if (item.getKey().isEmpty()) {
                errors.required(at + ".key");
            }
            if (item.getPath().isEmpty()) {
                errors.required(at + ".path");
            }
            descending(errors, item.getPath(), at + ".path");
            mode(errors, item.hasMode(), item.getMode(), at + ".mode");
        }
    }

    /** A path that leads down from where it starts. */
    static void descending(Errors errors, String value, String path) {
        if (value.startsWith("/")) {
            errors.invalid(path, value, "must be a relative path");
        }
        noBacksteps(errors, value, path);
    }

    static void noBacksteps(Errors errors, String value, String path) {
        if (List.of(value.split("/")).contains("..")) {
            errors.invalid(path, value, "must not contain '..'");
        }
    }
}

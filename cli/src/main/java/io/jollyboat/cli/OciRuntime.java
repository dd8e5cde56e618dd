package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The program with which containerd makes containers: crun where it is there, since a pod starts in a quarter less time
 * with it; else runc, without which Debian's containerd does not come.
 */
final class OciRuntime {
    static final String PREFERRED = "crun";
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private OciRuntime() {}

    /**
     * The program to name in containerd's configuration.
     *
     * @param folder where a wrapper may be written
     */
    static String binary(Programs programs, Path folder) throws IOException {
        return binary(programs, folder, CGROUPS);
    }

    static String binary(Programs programs, Path folder, Path cgroups) throws IOException {
        Optional<Path> crun = programs.find(PREFERRED);
        if (crun.isEmpty()) {
            return "runc";
        }
        Path controllers = cgroups.resolve("unified/cgroup.controllers");
        if (!Files.exists(controllers) || Files.readString(controllers).isBlank()) {
            return crun.get().toString();
        }
        Path wrapper = folder.resolve(PREFERRED);
        // crun refuses hosts on which cgroup v2 has a controller beside those of v1; it is shown the v1 ones alone.
        Files.writeString(wrapper, """
                #!/bin/sh
                exec unshare --mount --propagation unchanged sh -c \
                  'mount --make-private %1$s && umount %1$s/unified && exec "$0" "$@"' %2$s "$@"
                """.formatted(cgroups, crun.get()));
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        return wrapper.toString();
    }
}

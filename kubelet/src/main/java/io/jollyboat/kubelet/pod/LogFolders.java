package io.jollyboat.kubelet.pod;

import io.jollyboat.kubelet.volumes.FileTrees;
import io.jollyboat.log.Log;
import java.io.IOException;
import java.nio.file.Path;

/** Removal of what pods logged. */
final class LogFolders {
    private static final Log LOG = Log.of(LogFolders.class);

    private LogFolders() {}

    static void delete(Path folder) {
        try {
            FileTrees.delete(folder);
        } catch (IOException e) {
            LOG.warn("cannot delete log folder", "path", folder, "error", e.toString());
        }
    }
}

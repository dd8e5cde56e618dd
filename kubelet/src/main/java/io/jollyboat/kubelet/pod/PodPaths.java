package io.jollyboat.kubelet.pod;

import io.jollyboat.kubelet.model.PodId;
import java.nio.file.Path;

/**
 * Where a pod's files are on the host, as upstream lays them out.
 *
 * @param rootDir such as {@code /var/lib/kubelet}
 * @param logsDir such as {@code /var/log/pods}
 */
public record PodPaths(Path rootDir, Path logsDir) {
    public Path pods() {
        return rootDir.resolve("pods");
    }

    Path hosts(String uid) {
        return pods().resolve(uid).resolve("etc-hosts");
    }

    Path container(String uid, String container) {
        return pods().resolve(uid).resolve("containers").resolve(container);
    }

    public Path logs(PodId pod) {
        return logsDir.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
    }

    /** Under the pod's log folder. */
    static String logFile(String container, int restartCount) {
        return container + "/" + restartCount + ".log";
    }
}

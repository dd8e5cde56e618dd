package io.jollyboat.kubelet.status;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerStatus;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.kubelet.model.Specs;
import java.util.List;

/** The phase that containers' states add up to. Pure. */
final class PodPhases {
    private PodPhases() {}

    /** @param ended no container runs or will run again */
    static String of(Pod pod, List<ContainerStatus> inits, List<ContainerStatus> mains, boolean ended) {
        String policy = Specs.restartPolicy(pod);
        int pendingInits = 0;
        for (int i = 0; i < inits.size(); i++) {
            ContainerStatus init = inits.get(i);
            Container spec = pod.getSpec().getInitContainers(i);
            if (!Specs.isSidecar(spec) && policy.equals("Never") && failed(init)) {
                return ended ? "Failed" : "Pending";
            }
            boolean done = Specs.isSidecar(spec)
                    ? init.getStarted()
                    : init.getState().hasTerminated()
                            && init.getState().getTerminated().getExitCode() == 0;
            pendingInits += done ? 0 : 1;
        }
        int waiting = 0;
        int running = 0;
        int stopped = 0;
        int succeeded = 0;
        for (ContainerStatus main : mains) {
            if (main.getState().hasRunning()) {
                running++;
            } else if (main.getState().hasTerminated()) {
                stopped++;
                succeeded += main.getState().getTerminated().getExitCode() == 0 ? 1 : 0;
            } else if (main.getLastState().hasTerminated()) {
                stopped++;
            } else {
                waiting++;
            }
        }
        if (ended && running == 0) {
            return succeeded == mains.size() ? "Succeeded" : "Failed";
        }
        if (waiting > 0 || (pendingInits > 0 && running == 0 && stopped == 0)) {
            return "Pending";
        }
        // Ended containers show as Running until the pod's sandbox is down: a terminal phase is final.
        return "Running";
    }

    private static boolean failed(ContainerStatus init) {
        return init.getState().hasTerminated()
                && init.getState().getTerminated().getExitCode() != 0;
    }
}

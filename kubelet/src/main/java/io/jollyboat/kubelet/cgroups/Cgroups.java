package io.jollyboat.kubelet.cgroups;

import io.jollyboat.api.core.v1.Pod;
import java.util.List;

/** The pods' control groups on this host. Thread-safe. */
public interface Cgroups {
    /** None are kept: on simulated nodes, and where the host lets nobody make any. */
    Cgroups NONE = new Cgroups() {
        @Override
        public String create(Pod pod) {
            return "";
        }

        @Override
        public void remove(String podUid) {}

        @Override
        public List<String> podUids() {
            return List.of();
        }
    };

    /** Makes the pod's group with its limits; answers its path for the runtime. */
    String create(Pod pod);

    /** Takes the pod's group out of every hierarchy; nothing may run in it any more. */
    void remove(String podUid);

    /** Pods that have a group, by uid. */
    List<String> podUids();
}

/** Probes of running containers: one worker per probe on a virtual thread of its own, results by container id. */
package io.jollyboat.kubelet.probes;

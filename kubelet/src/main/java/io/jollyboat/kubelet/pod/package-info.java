/**
 * One loop per pod: the desired pod and what the runtime holds of it go into the pure {@link
 * io.jollyboat.kubelet.pod.Planner}; its actions are carried out; whatever takes long runs beside the loop and pokes it
 * when done. A loop holds a virtual thread only while it has something to do.
 */
package io.jollyboat.kubelet.pod;

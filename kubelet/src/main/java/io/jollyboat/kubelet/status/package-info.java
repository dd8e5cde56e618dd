/** The pod's status as the API shows it: computed purely from what is known of the pod, and written when it changed. */
package io.jollyboat.kubelet.status;

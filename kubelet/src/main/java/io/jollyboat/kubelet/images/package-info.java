/** Images of containers: references, pull policies, credentials, back-off. */
package io.jollyboat.kubelet.images;

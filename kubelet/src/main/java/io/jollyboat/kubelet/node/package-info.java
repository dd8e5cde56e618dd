/** The node as the API knows it: registration, status, lease; and what follows from it on the host, the pods' network. */
package io.jollyboat.kubelet.node;

/**
 * Images of containers: references, pull policies, credentials, back-off, and who may use a private image that is already
 * there. Pulls run on threads of their own; everything is thread-safe. Only the pods' loops depend on it.
 */
package io.jollyboat.kubelet.images;

/** The ConfigMaps and Secrets that this node's pods name, each fetched when first asked for and watched while in use. */
package io.jollyboat.kubelet.objects;

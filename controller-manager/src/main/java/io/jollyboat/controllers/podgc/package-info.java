/** Pods that nobody else would remove: of nodes that are gone, never scheduled and deleted, or finished and too many. */
package io.jollyboat.controllers.podgc;

/** Pods on nodes with NoExecute taints: deleted at once, or after the time for which they tolerate the taints. */
package io.jollyboat.controllers.tainteviction;

/** Container logs on disk, in the CRI's format: a line is {@code time stream F|P text}. */
package io.jollyboat.kubelet.logs;

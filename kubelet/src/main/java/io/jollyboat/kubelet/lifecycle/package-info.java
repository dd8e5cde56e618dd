/** What containers ask to be done after their start and before their stop. */
package io.jollyboat.kubelet.lifecycle;

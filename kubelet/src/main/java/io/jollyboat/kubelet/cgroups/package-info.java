/** Control groups of pods, v1 (hybrid too) and v2, and the numbers that go into them. */
package io.jollyboat.kubelet.cgroups;

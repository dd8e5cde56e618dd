/** What the kubelet tells about pods and its node as Events, with upstream's reasons and texts. */
package io.jollyboat.kubelet.events;

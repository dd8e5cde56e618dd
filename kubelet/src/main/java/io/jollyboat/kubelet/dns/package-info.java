/** Names inside pods: resolv.conf, /etc/hosts and the host name, as upstream makes them. Pure but for reading the host's own files. */
package io.jollyboat.kubelet.dns;

/**
 * What the API server asks of a node: logs, exec, attach, port forwarding, and what else it runs. HTTP/1.1 over TLS, a
 * virtual thread per connection; streams are passed through to the container runtime as bytes.
 */
package io.jollyboat.kubelet.server;

/**
 * The cluster's keys and certificates: {@link io.jollyboat.tls.Pki} makes them, {@link io.jollyboat.tls.TlsContexts}
 * turns PEM files into TLS contexts that notice when the files change, {@link io.jollyboat.tls.Kubeconfigs} hands them
 * to kubectl. Thread-safe; no threads of its own: files are looked at again when a connection begins.
 */
package io.jollyboat.tls;

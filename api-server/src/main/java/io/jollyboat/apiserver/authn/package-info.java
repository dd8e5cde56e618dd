/**
 * Who sends a request: client certificates and service-account tokens. Verified once per certificate and token, checked
 * against time and live objects on every request. Thread-safe, answers from memory. Used by both doors through {@link
 * io.jollyboat.apiserver.auth.RequestAuthenticator}.
 */
package io.jollyboat.apiserver.authn;

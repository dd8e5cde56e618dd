/**
 * Puts the server's security together from its caches: one object that the request path asks. Holds the threads that
 * keep authorizer indexes up to date; may be used by the composition root and the request path only.
 */
package io.jollyboat.apiserver.security;

/**
 * Who asks, and may they: the interfaces between the request path and its authenticators and authorizers. Both doors use
 * the same ones.
 */
package io.jollyboat.apiserver.auth;

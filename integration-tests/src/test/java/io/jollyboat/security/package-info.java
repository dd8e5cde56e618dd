/** Components under their real identities against an API server that denies what upstream's roles do not allow. */
package io.jollyboat.security;

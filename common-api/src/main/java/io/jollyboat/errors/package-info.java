/** Upstream's API errors: a meta.v1 Status with code, reason, details and causes, as an exception. */
package io.jollyboat.errors;

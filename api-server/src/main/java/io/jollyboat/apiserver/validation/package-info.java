/**
 * What makes an object valid, with upstream's paths, texts and order of errors: rules all kinds share, and one validator
 * per kind. Pure functions; for the request path.
 */
package io.jollyboat.apiserver.validation;

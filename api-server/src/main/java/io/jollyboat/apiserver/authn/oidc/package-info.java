/**
 * Tokens that other issuers signed, as an AuthenticationConfiguration tells: keys are fetched from the issuer, claims
 * become users. Thread-safe; a call blocks while keys are fetched.
 */
package io.jollyboat.apiserver.authn.oidc;

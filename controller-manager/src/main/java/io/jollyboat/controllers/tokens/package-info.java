/** Tokens that lie in Secrets: of service accounts, and those that nodes join with. */
package io.jollyboat.controllers.tokens;

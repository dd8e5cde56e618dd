/**
 * Service-account tokens: what they say, who signs them, how they are issued by the {@code token} subresource and
 * published for others to verify. Pure but for the clock and the lookup handed in; thread-safe.
 */
package io.jollyboat.apiserver.tokens;

/**
 * Webhooks that admission asks: which of them a request concerns, what they are sent, and what their answers mean. Reads
 * its configurations from the caches at each request; where there are none, it costs one look.
 */
package io.jollyboat.apiserver.webhook;

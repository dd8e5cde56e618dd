/**
 * Calls that the server makes itself, to servers that objects name: webhooks, aggregated API servers, pods and Services.
 * HTTP/1.1 over blocking sockets on virtual threads; everything has a bound and a deadline, every failure upstream's
 * words.
 */
package io.jollyboat.apiserver.outbound;

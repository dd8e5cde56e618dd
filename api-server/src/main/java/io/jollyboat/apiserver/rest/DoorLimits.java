package io.jollyboat.apiserver.rest;

import java.time.Duration;

/**
 * How far a client may try a connection's patience.
 *
 * @param headerBytes of one request's line and headers
 * @param streams at once on an HTTP/2 connection
 * @param handshake for TLS
 * @param head for a request's line and headers, from their first byte; also for the first byte of a new connection
 * @param idle between requests
 * @param body for a request's body, from when it is asked for
 * @param unread for the client to take an answer that is complete
 * @param drain for the rest of a body that nobody wants
 */
record DoorLimits(
        int headerBytes,
        int streams,
        Duration handshake,
        Duration head,
        Duration idle,
        Duration body,
        Duration unread,
        Duration drain) {
    /** Upstream's, where it has one; its requests, body included, have a minute. */
    static final DoorLimits STANDARD = new DoorLimits(
            1 << 20,
            100,
            Duration.ofSeconds(32),
            Duration.ofSeconds(32),
            Duration.ofSeconds(90),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5));
}

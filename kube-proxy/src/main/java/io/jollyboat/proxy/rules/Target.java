package io.jollyboat.proxy.rules;

/**
 * Where a connection may be sent.
 *
 * @param local whether it runs on this node
 */
public record Target(String ip, int port, boolean local) {}

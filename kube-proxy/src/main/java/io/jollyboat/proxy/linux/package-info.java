/**
 * The kernel's netlink families that the proxy needs, spoken directly: routes, links, addresses, connection tracking.
 * Everything acts on the network namespace of this process. Each call opens its own socket, so all is thread-safe.
 */
package io.jollyboat.proxy.linux;

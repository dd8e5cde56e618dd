/**
 * The node's DNS server: {@code cluster.local} straight from the informers, everything else from the resolvers of the
 * host. One thread reads UDP, answers of the cluster's zone are made on it; TCP connections and forwarded questions have
 * a virtual thread each, of which there is a bounded number.
 */
package io.jollyboat.proxy.dns;

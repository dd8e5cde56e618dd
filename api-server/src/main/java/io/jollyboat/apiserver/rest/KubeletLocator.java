package io.jollyboat.apiserver.rest;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.NodeAddress;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import java.util.List;

/** Where a node's kubelet listens. */
final class KubeletLocator {
    private static final int DEFAULT_PORT = 10250;
    private static final List<String> PREFERENCE = List.of("InternalIP", "ExternalIP", "Hostname");

    private final ObjectStorages storages;

    KubeletLocator(ObjectStorages storages) {
        this.storages = storages;
    }

    record Address(String host, int port) {
        String authority() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    Address find(String nodeName) {
        Entry entry = storages.of(Kinds.of(Node.class)).cache().get(nodeName);
        if (entry == null) {
            throw ApiException.notFound(Kinds.of(Node.class), nodeName);
        }
        Node node = (Node) entry.object();
        int port = node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort();
        for (String type : PREFERENCE) {
            for (NodeAddress address : node.getStatus().getAddressesList()) {
                if (address.getType().equals(type) && !address.getAddress().isEmpty()) {
                    return new Address(address.getAddress(), port == 0 ? DEFAULT_PORT : port);
                }
            }
        }
        throw ApiException.of(500, "", "no preferred addresses found; known addresses: []");
    }
}

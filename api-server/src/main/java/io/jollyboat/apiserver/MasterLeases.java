package io.jollyboat.apiserver;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.core.v1.EndpointAddress;
import io.jollyboat.api.core.v1.EndpointSubset;
import io.jollyboat.api.core.v1.Endpoints;
import io.jollyboat.apiserver.storage.KeyValue;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.apiserver.storage.RangeRequest;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.codec.Envelope;
import io.jollyboat.errors.ApiException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Which API servers are up: each keeps a key that goes away when it is not renewed. Upstream's keys. */
final class MasterLeases {
    private static final String PREFIX = StorageKeys.ROOT + "masterleases/";
    private static final long TTL_SECONDS = 15;
    private static final long LEAVE_SECONDS = 2;

    private final KeyValueStore store;
    private final String address;

    /** @param address of this server, empty to take no part */
    MasterLeases(KeyValueStore store, String address) {
        this.store = store;
        this.address = address;
    }

    /** Renews this server's key; the addresses of all servers, in order. */
    List<String> renew() {
        if (!address.isEmpty()) {
            ByteString key = key();
            long lease = store.grantLease(TTL_SECONDS).join();
            long revision = store.range(RangeRequest.key(key)).join().entries().stream()
                    .mapToLong(KeyValue::modRevision)
                    .findFirst()
                    .orElse(0);
            store.put(key, ByteString.copyFrom(value()), revision, lease).join();
        }
        TreeSet<String> servers = new TreeSet<>();
        for (KeyValue entry : store.range(RangeRequest.prefix(ByteString.copyFromUtf8(PREFIX)))
                .join()
                .entries()) {
            servers.addAll(addresses(entry));
        }
        return List.copyOf(servers);
    }

    /** This server is going. */
    void leave() {
        if (address.isEmpty()) {
            return;
        }
        // A store that does not answer must not hold up the end.
        var present = store.range(RangeRequest.key(key())).orTimeout(LEAVE_SECONDS, TimeUnit.SECONDS);
        for (KeyValue entry : present.join().entries()) {
            var _ = store.delete(entry.key(), entry.modRevision())
                    .orTimeout(LEAVE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    private ByteString key() {
        return ByteString.copyFromUtf8(PREFIX + address);
    }

    private byte[] value() {
        Endpoints endpoints = Endpoints.newBuilder()
                .addSubsets(EndpointSubset.newBuilder()
                        .addAddresses(EndpointAddress.newBuilder().setIp(address)))
                .build();
        return Envelope.wrap("v1", "Endpoints", endpoints.toByteString());
    }

    private static List<String> addresses(KeyValue entry) {
        try {
            Endpoints endpoints = Endpoints.parseFrom(
                    Envelope.unwrap(entry.value().toByteArray()).getRaw());
            return endpoints.getSubsetsList().stream()
                    .flatMap(subset -> subset.getAddressesList().stream())
                    .map(EndpointAddress::getIp)
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw ApiException.internal("the record of an API server cannot be read: " + e.getMessage());
        }
    }
}

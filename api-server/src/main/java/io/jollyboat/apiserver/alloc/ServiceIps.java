package io.jollyboat.apiserver.alloc;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.networking.v1.IPAddress;
import io.jollyboat.api.networking.v1.IPAddressSpec;
import io.jollyboat.api.networking.v1.ParentReference;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.ObjectStorage;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.values.Times;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Cluster IPs, given out as upstream gives them: an address is taken by creating the IPAddress object of its name, which
 * the store lets happen once.
 */
final class ServiceIps {
    private static final ResourceType<IPAddress> TYPE = Kinds.of(IPAddress.class);
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String ALLOCATOR = "ipallocator.k8s.io";
    private static final String FAMILY = "ipaddress.kubernetes.io/ip-family";

    private final IpRange range;
    private final Runtime runtime;
    private final ObjectStorages storages;

    ServiceIps(IpRange range, Runtime runtime, ObjectStorages storages) {
        this.range = range;
        this.runtime = runtime;
        this.storages = storages;
    }

    IpRange range() {
        return range;
    }

    boolean covers(String address) {
        return range.contains(address);
    }

    /** Whether the address is free to the cache's knowledge. */
    boolean isFree(String address) {
        return storage().cache().get(address) == null;
    }

    /** False when somebody else has it. */
    boolean take(String address, String namespace, String service) {
        try {
            storage().create(address, object(address, namespace, service), 0);
            return true;
        } catch (ApiException e) {
            if (e.isAlreadyExists()) {
                return false;
            }
            throw e;
        }
    }

    /** A free address, from the part of the range that is not for those who choose; empty when none is left. */
    Optional<String> takeAny(String namespace, String service) {
        long size = range.size();
        // Upstream keeps the lowest addresses for Services that name their own.
        long reserved = Math.min(Math.max(16, size / 16), 256);
        if (reserved >= size) {
            reserved = 0;
        }
        long upper = size - reserved;
        long start = runtime.random().nextLong(upper);
        for (long i = 0; i < upper; i++) {
            String address = range.address(reserved + (start + i) % upper);
            if (isFree(address) && take(address, namespace, service)) {
                return Optional.of(address);
            }
        }
        for (long i = 0; i < reserved; i++) {
            String address = range.address(i);
            if (isFree(address) && take(address, namespace, service)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /** Gives an address back, if the Service still has it. */
    void release(String address, String namespace, String service) {
        Entry entry = storage().get(address);
        if (entry == null || !belongs(entry, namespace, service)) {
            return;
        }
        free(entry);
    }

    /** Whether this allocator made it, rather than somebody by hand. */
    static boolean isOurs(Entry entry) {
        return ALLOCATOR.equals(entry.labels().get(MANAGED_BY));
    }

    /** Deletes the object if it still is the same. */
    void free(Entry entry) {
        try {
            storage().delete(entry.name(), new Preconditions(entry.uid(), null), current -> {});
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    static boolean belongs(Entry entry, String namespace, String service) {
        ParentReference parent = ((IPAddress) entry.object()).getSpec().getParentRef();
        return parent.getResource().equals("services")
                && parent.getNamespace().equals(namespace)
                && parent.getName().equals(service);
    }

    private ObjectStorage storage() {
        return storages.of(TYPE);
    }

    private Message object(String address, String namespace, String service) {
        UUID uid = new UUID(
                (runtime.random().nextLong() & ~0xF000L) | 0x4000L,
                (runtime.random().nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
        return IPAddress.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setName(address)
                        .setUid(uid.toString())
                        .setCreationTimestamp(Times.time(runtime.now().truncatedTo(ChronoUnit.SECONDS)))
                        .putLabels(FAMILY, "IPv4")
                        .putLabels(MANAGED_BY, ALLOCATOR))
                .setSpec(IPAddressSpec.newBuilder()
                        .setParentRef(ParentReference.newBuilder()
                                .setResource("services")
                                .setNamespace(namespace)
                                .setName(service)))
                .build();
    }
}

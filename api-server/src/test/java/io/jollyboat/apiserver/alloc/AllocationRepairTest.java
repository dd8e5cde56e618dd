package io.jollyboat.apiserver.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.networking.v1.IPAddress;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.apiserver.request.StorageHook;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.runtime.SystemRuntime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is scarce: full ranges, other servers over the same data, and records that were lost. */
class AllocationRepairTest {
    private static final ResourceType<Service> SERVICES = Kinds.of(Service.class);
    private static final ResourceType<IPAddress> ADDRESSES = Kinds.of(IPAddress.class);
    private static final String LAST = "10.0.0.6";

    private final Runtime runtime = SystemRuntime.instance();
    private final MemoryStore store = new MemoryStore(runtime);
    private ObjectStorages storages;
    private ServiceAllocation allocation;
    private AllocationRepair repair;

    @BeforeEach
    void start() {
        storages = new ObjectStorages(store, runtime);
        storages.of(SERVICES);
        storages.of(ADDRESSES);
        storages.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> storages.notReadyReason().isEmpty());
        // Six addresses, four ports.
        allocation = new ServiceAllocation(IpRange.parse("10.0.0.0/29"), "30000-30003", runtime, store, storages);
        repair = new AllocationRepair(allocation, storages);
    }

    @AfterEach
    void stop() {
        storages.close();
        store.close();
    }

    private static Service service(String name, String type, String address, int nodePort) {
        Service.Builder service = Service.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("default")
                        .setName(name)
                        .setUid("uid-" + name));
        service.getSpecBuilder()
                .setType(type)
                .addPorts(
                        ServicePort.newBuilder().setPort(80).setProtocol("TCP").setNodePort(nodePort));
        if (!address.isEmpty()) {
            service.getSpecBuilder().setClusterIP(address).addClusterIPs(address);
        }
        return service.build();
    }

    private Service create(String name, String type, String address, int nodePort) {
        StorageHook.Reservation reservation = allocation.onCreate(service(name, type, address, nodePort), false);
        storages.of(SERVICES).create("default/" + name, reservation.object(), 0);
        reservation.commit();
        return (Service) reservation.object();
    }

    private Set<String> addresses() {
        storages.of(ADDRESSES).cache().awaitCurrent().join();
        Set<String> names = new HashSet<>();
        storages.of(ADDRESSES).cache().snapshot().list("").forEach(entry -> names.add(entry.name()));
        return names;
    }

    @Test
    void aFullRangeRefusesAndLosesNothing() {
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            given.add(create("s" + i, "ClusterIP", "", 0).getSpec().getClusterIP());
        }
        assertThat(given).hasSize(6);
        assertThatThrownBy(() -> create("more", "ClusterIP", "", 0))
                .hasMessage("Internal error occurred: failed to allocate a serviceIP: range is full");
        allocation.onDeleted(storages.of(SERVICES)
                .delete("default/s3", Preconditions.NONE, old -> {})
                .object());
        assertThat(given).contains(create("more", "ClusterIP", "", 0).getSpec().getClusterIP());
    }

    @Test
    void withoutAPortTheAddressIsGivenBack() {
        for (int i = 0; i < 4; i++) {
            create("s" + i, "NodePort", "", 0);
        }
        Set<String> before = addresses();
        assertThatThrownBy(() -> create("more", "NodePort", "", 0))
                .hasMessage("Internal error occurred: failed to allocate a nodePort: range is full");
        assertThat(addresses()).isEqualTo(before).hasSize(4);
    }

    @Test
    void ofManyWhoWantTheSameOneGetsIt() throws InterruptedException {
        Set<String> winners = ConcurrentHashMap.newKeySet();
        for (Thread thread : IntStream.range(0, 20)
                .mapToObj(i -> runtime.start("create", () -> {
                    try {
                        create("s" + i, "NodePort", LAST, 30001);
                        winners.add("s" + i);
                    } catch (RuntimeException e) {
                        assertThat(e).hasMessageContaining("already allocated");
                    }
                }))
                .toList()) {
            thread.join();
        }
        assertThat(winners).hasSize(1);
    }

    @Test
    void anotherServerOverTheSameDataKnowsWhatIsTaken() {
        create("s", "NodePort", LAST, 30001);
        storages.close();
        start();
        assertThatThrownBy(() -> create("t", "ClusterIP", LAST, 0)).hasMessageContaining("already allocated");
        assertThatThrownBy(() -> create("t", "NodePort", "", 30001)).hasMessageContaining("already allocated");
    }

    @Test
    void whatAServiceHoldsWithoutARecordIsTakenAgain() {
        storages.of(SERVICES).create("default/s", service("s", "NodePort", LAST, 30001), 0);
        repair.run();
        assertThatThrownBy(() -> create("t", "ClusterIP", LAST, 0)).hasMessageContaining("already allocated");
        assertThatThrownBy(() -> create("t", "NodePort", "", 30001)).hasMessageContaining("already allocated");
    }

    @Test
    void whatNobodyHoldsIsFreeAfterTheSecondLook() {
        var _ = allocation.onCreate(service("never", "NodePort", LAST, 30001), false);
        create("kept", "NodePort", "10.0.0.5", 30002);
        repair.run();
        assertThat(addresses()).contains(LAST);
        assertThat(allocation.ports().taken()).contains(30001);
        repair.run();
        assertThat(addresses()).containsExactly("10.0.0.5");
        assertThat(allocation.ports().taken()).containsExactly(30002);
        create("t", "NodePort", LAST, 30001);
    }
}

package io.jollyboat.kubelet.node;

import io.jollyboat.api.core.v1.ContainerImage;
import io.jollyboat.api.core.v1.NodeSystemInfo;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.cri.v1.Image;
import io.jollyboat.cri.v1.RuntimeCondition;
import io.jollyboat.cri.v1.VersionResponse;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers what there is to say of the node. */
public final class NodeInspector {
    /** The API that this kubelet speaks, in upstream's form. */
    public static final String VERSION = "v1.36.2";

    private static final int MAX_IMAGES = 50;

    private final NodeSettings settings;
    private final Machine machine;
    private final ContainerRuntime cri;
    private List<Image> listed = List.of();
    private List<ContainerImage> images = List.of();

    public NodeInspector(NodeSettings settings, Machine machine, ContainerRuntime cri) {
        this.settings = settings;
        this.machine = machine;
        this.cri = cri;
    }

    public Map<String, Quantity> capacity() {
        Map<String, Quantity> capacity = new TreeMap<>();
        capacity.put("cpu", Quantities.of(machine.cpus()));
        capacity.put("memory", quantity(machine.memoryKib() + "Ki"));
        capacity.put("ephemeral-storage", quantity(machine.storageBytes() / 1024 + "Ki"));
        capacity.put("pods", Quantities.of(settings.maxPods()));
        capacity.put("hugepages-1Gi", quantity("0"));
        capacity.put("hugepages-2Mi", quantity("0"));
        capacity.putAll(settings.capacity());
        return capacity;
    }

    /** Capacity without what is reserved and what must stay free. */
    public Map<String, Quantity> allocatable() {
        Map<String, Quantity> allocatable = new TreeMap<>(capacity());
        settings.reserved()
                .forEach((name, amount) -> allocatable.computeIfPresent(name, (n, all) -> lessThan(all, amount)));
        if (!settings.capacity().containsKey("memory")) {
            allocatable.computeIfPresent("memory", (n, all) -> lessThan(all, settings.minFreeMemory()));
        }
        return allocatable;
    }

    private static Quantity lessThan(Quantity all, Quantity amount) {
        Quantity left = Quantities.subtract(all, amount);
        return Quantities.signum(left) < 0 ? quantity("0") : left;
    }

    NodeFacts look() {
        String notReady = "";
        VersionResponse version = VersionResponse.getDefaultInstance();
        try {
            version = cri.version();
            notReady = problems(cri.status().getStatus().getConditionsList());
            refreshImages();
        } catch (CriException e) {
            notReady = "container runtime is down: " + e.rpcText();
        }
        return new NodeFacts(
                settings.nodeName(),
                settings.nodeIp(),
                settings.port(),
                capacity(),
                allocatable(),
                info(version),
                images,
                machine.freeMemoryKib() < Quantities.value(settings.minFreeMemory()) / 1024,
                machine.freeStoragePercent() < settings.minFreeDiskPercent(),
                machine.manyProcesses(),
                notReady);
    }

    private static String problems(List<RuntimeCondition> conditions) {
        List<String> problems = new ArrayList<>();
        for (RuntimeCondition condition : conditions) {
            if (!condition.getStatus()) {
                String what = condition.getType().equals("NetworkReady")
                        ? "container runtime network not ready: "
                        : "container runtime status check may not have completed yet: ";
                problems.add(what + condition.getType() + "=false reason:" + condition.getReason() + " message:"
                        + condition.getMessage());
            }
        }
        return String.join(", ", problems);
    }

    private NodeSystemInfo info(VersionResponse version) {
        String runtime = version.getRuntimeName().isEmpty()
                ? "unknown"
                : version.getRuntimeName() + "://" + version.getRuntimeVersion().split("~")[0];
        return NodeSystemInfo.newBuilder()
                .setMachineID(machine.machineId())
                .setSystemUUID(machine.systemUuid())
                .setBootID(machine.bootId())
                .setKernelVersion(machine.kernelVersion())
                .setOsImage(machine.osImage())
                .setContainerRuntimeVersion(runtime)
                .setKubeletVersion(VERSION)
                .setKubeProxyVersion("")
                .setOperatingSystem("linux")
                .setArchitecture(Machine.architecture())
                .build();
    }

    /** The largest ones, for the scheduler's image locality. */
    private void refreshImages() {
        List<Image> now = cri.listImages();
        if (now.equals(listed)) {
            return;
        }
        listed = now;
        images = now.stream()
                .filter(i -> i.getRepoTagsCount() + i.getRepoDigestsCount() > 0)
                .sorted(Comparator.comparingLong(Image::getSize).reversed().thenComparing(Image::getId))
                .limit(MAX_IMAGES)
                .map(i -> ContainerImage.newBuilder()
                        .addAllNames(i.getRepoDigestsList())
                        .addAllNames(i.getRepoTagsList())
                        .setSizeBytes(i.getSize())
                        .build())
                .toList();
    }

    private static Quantity quantity(String text) {
        return Quantity.newBuilder().setString(text).build();
    }
}

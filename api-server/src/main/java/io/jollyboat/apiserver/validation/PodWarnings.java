package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Affinity;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.ContainerPort;
import io.jollyboat.api.core.v1.EnvVar;
import io.jollyboat.api.core.v1.LocalObjectReference;
import io.jollyboat.api.core.v1.PodAffinityTerm;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.api.core.v1.PodTemplateSpec;
import io.jollyboat.api.core.v1.VolumeSource;
import io.jollyboat.api.core.v1.WeightedPodAffinityTerm;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is allowed in a pod, and most probably not meant. */
final class PodWarnings {
    /** Volumes that upstream's kubelet has no driver for any more. */
    private static final Map<String, String> GONE = new LinkedHashMap<>();

    static {
        GONE.put("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
        GONE.put("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+");
        GONE.put("scaleIO", "deprecated in v1.16, non-functional in v1.22+");
        GONE.put("flocker", "deprecated in v1.22, non-functional in v1.25+");
        GONE.put("storageos", "deprecated in v1.22, non-functional in v1.25+");
        GONE.put("quobyte", "deprecated in v1.22, non-functional in v1.25+");
        GONE.put("glusterfs", "deprecated in v1.25, non-functional in v1.26+");
        GONE.put("cephfs", "deprecated in v1.28, non-functional in v1.31+");
        GONE.put("rbd", "deprecated in v1.28, non-functional in v1.31+");
    }

    private final List<String> found = new ArrayList<>();
    private final Map<String, List<Placed>> ports = new HashMap<>();
    private final Map<String, String> portNames = new HashMap<>();

    private record Placed(String path, ContainerPort port) {}

    private PodWarnings() {}

    /** @param parent of metadata and specification, ending in a dot where it is not the object itself */
    static List<String> of(ObjectMeta meta, PodSpec spec, String parent) {
        PodWarnings warnings = new PodWarnings();
        warnings.spec(meta, spec, parent);
        return warnings.found;
    }

    static List<String> of(PodTemplateSpec template, String path) {
        return of(template.getMetadata(), template.getSpec(), path + ".");
    }

    private void spec(ObjectMeta meta, PodSpec spec, String parent) {
        String path = parent + "spec";
        found.addAll(NodeLabelWarnings.pod(spec, path));
        for (int i = 0; i < spec.getTopologySpreadConstraintsCount(); i++) {
            String at = path + ".topologySpreadConstraints[" + i + "].topologyKey";
            found.addAll(
                    NodeLabelWarnings.key(spec.getTopologySpreadConstraints(i).getTopologyKey(), at));
            if (!spec.getTopologySpreadConstraints(i).hasLabelSelector()) {
                noSelector(path + ".topologySpreadConstraints[" + i + "].labelSelector");
            }
        }
        found.addAll(AnnotationWarnings.pod(meta, spec, parent + "metadata"));
        for (int i = 0; i < spec.getVolumesCount(); i++) {
            volume(spec.getVolumes(i).getVolumeSource(), path + ".volumes[" + i + "]");
        }
        hostAliases(spec, path + ".hostAliases");
        pullSecrets(spec.getImagePullSecretsList(), path + ".imagePullSecrets");
        amounts(spec.getOverheadMap(), path + ".overhead");
        containers(spec.getInitContainersList(), path + ".initContainers", this::container);
        containers(spec.getContainersList(), path + ".containers", this::container);
        containers(spec.getInitContainersList(), path + ".initContainers", this::ports);
        containers(spec.getContainersList(), path + ".containers", this::ports);
        containers(spec.getInitContainersList(), path + ".initContainers", this::portNames);
        containers(spec.getContainersList(), path + ".containers", this::portNames);
        // A pod itself has been corrected already.
        if (!parent.isEmpty() && spec.getTerminationGracePeriodSeconds() < 0) {
            found.add(path + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be"
                    + " treated as 1");
        }
        affinity(spec.getAffinity(), path + ".affinity");
    }

    private interface Look {
        void at(Container container, String path);
    }

    private static void containers(List<Container> containers, String path, Look look) {
        for (int i = 0; i < containers.size(); i++) {
            look.at(containers.get(i), path + "[" + i + "]");
        }
    }

    private void noSelector(String path) {
        found.add(path + ": a null labelSelector results in matching no pod");
    }

    private void volume(VolumeSource source, String path) {
        GONE.forEach((name, since) -> {
            if (source.hasField(VolumeSource.getDescriptor().findFieldByName(name))) {
                found.add(path + "." + (name.equals("storageos") ? "storageOS" : name) + ": " + since);
            }
        });
    }

    private void hostAliases(PodSpec spec, String path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < spec.getHostAliasesCount(); i++) {
            if (!seen.add(spec.getHostAliases(i).getIp())) {
                found.add(path + "[" + i + "].ip: duplicate ip \""
                        + spec.getHostAliases(i).getIp() + "\"");
            }
        }
    }

    private void pullSecrets(List<LocalObjectReference> secrets, String path) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < secrets.size(); i++) {
            if (!seen.add(secrets.get(i).getName())) {
                found.add(path + "[" + i + "].name: duplicate name \""
                        + secrets.get(i).getName() + "\"");
            }
        }
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i).getName().isEmpty()) {
                found.add(path + "[" + i + "].name: invalid empty name \"\"");
            }
        }
    }

    private void amounts(Map<String, Quantity> amounts, String path) {
        fraction(amounts, "memory", path);
        fraction(amounts, "ephemeral-storage", path);
    }

    private void fraction(Map<String, Quantity> amounts, String name, String path) {
        found.addAll(fractions(amounts, name, path));
    }

    /** A part of a byte. */
    static List<String> fractions(Map<String, Quantity> amounts, String name, String path) {
        Quantity amount = amounts.get(name);
        return amount != null && Quantities.milliValue(amount) % 1000 != 0
                ? List.of(path + "[" + name + "]: fractional byte value \"" + amount.getString()
                        + "\" is invalid, must be an integer")
                : List.of();
    }

    private void container(Container container, String path) {
        Map<String, Quantity> limits = container.getResources().getLimitsMap();
        Map<String, Quantity> requests = container.getResources().getRequestsMap();
        for (String name : List.of("memory", "ephemeral-storage")) {
            fraction(limits, name, path + ".resources.limits");
            fraction(requests, name, path + ".resources.requests");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < container.getEnvCount(); i++) {
            EnvVar env = container.getEnv(i);
            String reference = "$(" + env.getName() + ")";
            boolean extendsIt = !env.hasValueFrom()
                    && !env.getValue().equals(reference)
                    && env.getValue().contains(reference);
            if (!names.add(env.getName()) && !extendsIt) {
                found.add(path + ".env[" + i + "]: hides previous definition of \"" + env.getName()
                        + "\", which may be dropped when using apply");
            }
        }
    }

    private void ports(Container container, String path) {
        for (int i = 0; i < container.getPortsCount(); i++) {
            ContainerPort port = container.getPorts(i);
            String at = path + ".ports[" + i + "]";
            if (!port.getHostIP().isEmpty() && port.getHostPort() == 0) {
                found.add(at + ": hostIP set without hostPort: {Name:" + port.getName() + " HostPort:0 ContainerPort:"
                        + port.getContainerPort() + " Protocol:" + port.getProtocol() + " HostIP:" + port.getHostIP()
                        + "}");
            }
            List<Placed> others =
                    ports.computeIfAbsent(port.getContainerPort() + "/" + port.getProtocol(), key -> new ArrayList<>());
            others.forEach(other -> twice(port, other, at));
            others.add(new Placed(at, port));
        }
    }

    private void twice(ContainerPort port, Placed other, String path) {
        ContainerPort before = other.port();
        boolean oneOpen = port.getHostIP().isEmpty() != before.getHostIP().isEmpty();
        if (port.getHostIP().equals(before.getHostIP()) && port.getHostPort() == before.getHostPort()) {
            found.add(path + ": duplicate port definition with " + other.path());
        } else if (port.getHostPort() == 0 || before.getHostPort() == 0) {
            found.add(path + ": overlapping port definition with " + other.path());
        } else if (port.getHostPort() == before.getHostPort() && oneOpen) {
            found.add(path + ": dangerously ambiguous port definition with " + other.path());
        }
    }

    private void portNames(Container container, String path) {
        for (int i = 0; i < container.getPortsCount(); i++) {
            String name = container.getPorts(i).getName();
            String at = path + ".ports[" + i + "]";
            String other = name.isEmpty() ? null : portNames.putIfAbsent(name, at);
            if (other != null) {
                found.add(at + ": duplicate port name \"" + name + "\" with " + other
                        + ", services and probes that select ports by name will use " + other);
            }
        }
    }

    private void affinity(Affinity affinity, String path) {
        terms(
                affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList(),
                affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList(),
                path + ".podAffinity");
        terms(
                affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecutionList(),
                affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecutionList(),
                path + ".podAntiAffinity");
    }

    private void terms(List<PodAffinityTerm> required, List<WeightedPodAffinityTerm> preferred, String path) {
        for (int i = 0; i < required.size(); i++) {
            if (!required.get(i).hasLabelSelector()) {
                noSelector(path + ".requiredDuringSchedulingIgnoredDuringExecution[" + i + "].labelSelector");
            }
        }
        for (int i = 0; i < preferred.size(); i++) {
            if (!preferred.get(i).getPodAffinityTerm().hasLabelSelector()) {
                noSelector(path + ".preferredDuringSchedulingIgnoredDuringExecution[" + i
                        + "].podAffinityTerm.labelSelector");
            }
        }
    }
}

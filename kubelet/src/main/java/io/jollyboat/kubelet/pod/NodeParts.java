package io.jollyboat.kubelet.pod;

import io.jollyboat.client.ApiClient;
import io.jollyboat.kubelet.cgroups.Cgroups;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.dns.PodDns;
import io.jollyboat.kubelet.env.Environments;
import io.jollyboat.kubelet.events.PodEvents;
import io.jollyboat.kubelet.images.Images;
import io.jollyboat.kubelet.objects.ReferencedObjects;
import io.jollyboat.kubelet.volumes.PodVolumes;
import io.jollyboat.runtime.Runtime;

/**
 * What all pods' loops of a node share.
 *
 * @param memoryCapacity of the node, in bytes
 * @param runtimeName prefix of container ids in statuses
 * @param onHost pods have files on this host; not so on simulated nodes
 */
public record NodeParts(
        ApiClient client,
        ContainerRuntime cri,
        PodVolumes volumes,
        Cgroups cgroups,
        Images images,
        Environments environments,
        ReferencedObjects objects,
        PodEvents events,
        PodDns dns,
        PodPaths paths,
        String nodeIp,
        String clusterDomain,
        long memoryCapacity,
        String runtimeName,
        boolean onHost,
        Runtime runtime) {}

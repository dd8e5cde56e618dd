package io.jollyboat.apiserver.authz;

import io.jollyboat.api.certificates.v1beta1.PodCertificateRequest;
import io.jollyboat.api.core.v1.PersistentVolume;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.resource.v1.ResourceSlice;
import io.jollyboat.api.storage.v1.VolumeAttachment;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which objects have to do with which node. Paths end at nodes: pod → node; secret, config map, claim, service account →
 * pod; volume → claim; secret → volume. Kept as counts per object and node, so that a question is one or two look-ups
 * however many pods share an object.
 */
final class NodeGraph {
    /** Objects that a node may be related to. */
    enum Kind {
        POD,
        SECRET,
        CONFIG_MAP,
        CLAIM,
        SERVICE_ACCOUNT,
        RESOURCE_CLAIM,
        VOLUME,
        ATTACHMENT,
        SLICE,
        CERTIFICATE_REQUEST
    }

    record Vertex(Kind kind, String namespace, String name) {}

    /** How many edges lead from an object to a node. */
    private final Map<Vertex, Map<String, Integer>> nodes = new ConcurrentHashMap<>();

    /** What was added for an object that ties others to a node: to be taken back when it changes. */
    private final Map<Vertex, Ties> ties = new ConcurrentHashMap<>();

    private final Map<String, Volume> volumes = new ConcurrentHashMap<>();
    private final Map<Vertex, Set<String>> volumesOfSecret = new ConcurrentHashMap<>();

    private record Ties(String node, Set<Vertex> vertices) {}

    private record Volume(Vertex claim, Set<Vertex> secrets) {}

    NodeGraph(ObjectLookup objects) {
        objects.listen(Kinds.of(Pod.class), new ObjectLookup.Listener<Pod>() {
            @Override
            public void onPut(ObjectKey key, Pod pod) {
                putPod(key, pod);
            }

            @Override
            public void onRemove(ObjectKey key) {
                untie(new Vertex(Kind.POD, key.namespace(), key.name()));
            }
        });
        objects.listen(Kinds.of(PersistentVolume.class), new ObjectLookup.Listener<PersistentVolume>() {
            @Override
            public void onPut(ObjectKey key, PersistentVolume volume) {
                putVolume(key.name(), volume);
            }

            @Override
            public void onRemove(ObjectKey key) {
                removeVolume(key.name());
            }
        });
        listen(
                objects,
                Kind.ATTACHMENT,
                VolumeAttachment.class,
                attachment -> attachment.getSpec().getNodeName());
        listen(
                objects,
                Kind.SLICE,
                ResourceSlice.class,
                slice -> slice.getSpec().getNodeName());
        listen(
                objects,
                Kind.CERTIFICATE_REQUEST,
                PodCertificateRequest.class,
                request -> request.getSpec().getNodeName());
    }

    // Kinds that name their node themselves.
    private <T extends com.google.protobuf.Message> void listen(
            ObjectLookup objects, Kind kind, Class<T> type, java.util.function.Function<T, String> node) {
        objects.listen(Kinds.of(type), new ObjectLookup.Listener<T>() {
            @Override
            public void onPut(ObjectKey key, T object) {
                Vertex vertex = new Vertex(kind, key.namespace(), key.name());
                tie(vertex, new Ties(node.apply(object), Set.of(vertex)));
            }

            @Override
            public void onRemove(ObjectKey key) {
                untie(new Vertex(kind, key.namespace(), key.name()));
            }
        });
    }

    /** Whether a path leads from the object to the node. */
    boolean related(Vertex object, String node) {
        if (leads(object, node)) {
            return true;
        }
        return switch (object.kind()) {
            case VOLUME -> claimLeads(object.name(), node);
            case SECRET ->
                volumesOfSecret.getOrDefault(object, Set.of()).stream().anyMatch(volume -> claimLeads(volume, node));
            case POD, CONFIG_MAP, CLAIM, SERVICE_ACCOUNT, RESOURCE_CLAIM, ATTACHMENT, SLICE, CERTIFICATE_REQUEST ->
                false;
        };
    }

    private boolean leads(Vertex object, String node) {
        return nodes.getOrDefault(object, Map.of()).containsKey(node);
    }

    private boolean claimLeads(String volumeName, String node) {
        Volume volume = volumes.get(volumeName);
        return volume != null && leads(volume.claim(), node);
    }

    private void putPod(ObjectKey key, Pod pod) {
        Vertex vertex = new Vertex(Kind.POD, key.namespace(), key.name());
        Set<Vertex> vertices = new HashSet<>();
        vertices.add(vertex);
        // A node makes mirror pods itself; they must not open anything to it.
        if (!pod.getMetadata().getAnnotationsMap().containsKey(PodReferences.MIRROR_POD)) {
            PodReferences.of(pod, vertices);
        }
        tie(vertex, new Ties(pod.getSpec().getNodeName(), vertices));
    }

    private void tie(Vertex owner, Ties wanted) {
        if (wanted.equals(ties.get(owner))) {
            return;
        }
        untie(owner);
        if (wanted.node().isEmpty()) {
            return;
        }
        ties.put(owner, wanted);
        wanted.vertices()
                .forEach(vertex -> nodes.computeIfAbsent(vertex, any -> new ConcurrentHashMap<>())
                        .merge(wanted.node(), 1, Integer::sum));
    }

    private void untie(Vertex owner) {
        Ties present = ties.remove(owner);
        if (present == null) {
            return;
        }
        for (Vertex vertex : present.vertices()) {
            nodes.computeIfPresent(vertex, (any, counts) -> {
                counts.computeIfPresent(present.node(), (node, count) -> count == 1 ? null : count - 1);
                return counts.isEmpty() ? null : counts;
            });
        }
    }

    private void putVolume(String name, PersistentVolume volume) {
        removeVolume(name);
        if (!volume.getSpec().hasClaimRef()) {
            return;
        }
        var claim = volume.getSpec().getClaimRef();
        Set<Vertex> secrets = PodReferences.secretsOf(volume);
        volumes.put(name, new Volume(new Vertex(Kind.CLAIM, claim.getNamespace(), claim.getName()), secrets));
        secrets.forEach(secret -> volumesOfSecret
                .computeIfAbsent(secret, any -> ConcurrentHashMap.newKeySet())
                .add(name));
    }

    private void removeVolume(String name) {
        Volume present = volumes.remove(name);
        if (present == null) {
            return;
        }
        for (Vertex secret : present.secrets()) {
            volumesOfSecret.computeIfPresent(secret, (any, names) -> {
                names.remove(name);
                return names.isEmpty() ? null : names;
            });
        }
    }
}

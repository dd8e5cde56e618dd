package io.jollyboat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the user chose for {@code up}; null is no choice. */
record UpOptions(
        String name,
        Integer nodes,
        String network,
        String podCidr,
        String serviceCidr,
        Integer apiPort,
        Integer grpcPort,
        Integer etcdPort,
        Boolean offline) {

    /** A new cluster as chosen, with defaults for the rest. */
    ClusterSpec spec() {
        return onto(ClusterSpec.defaults(name, 1));
    }

    private ClusterSpec onto(ClusterSpec base) {
        return new ClusterSpec(
                name,
                or(nodes, base.nodes()),
                or(network, base.network()),
                or(podCidr, base.podCidr()),
                or(serviceCidr, base.serviceCidr()),
                or(apiPort, base.apiPort()),
                or(grpcPort, base.grpcPort()),
                or(etcdPort, base.etcdPort()),
                or(offline, base.offline()));
    }

    /** A cluster that is there stays as it was made: a choice that differs is refused, not ignored. */
    void refuseOtherThan(ClusterSpec present) {
        onto(present);
        List<String> differing = new ArrayList<>();
        compare(differing, "--nodes", nodes, present.nodes());
        compare(differing, "--node-network", network, present.network());
        compare(differing, "--pod-cidr", podCidr, present.podCidr());
        compare(differing, "--service-cidr", serviceCidr, present.serviceCidr());
        compare(differing, "--api-port", apiPort, present.apiPort());
        compare(differing, "--grpc-port", grpcPort, present.grpcPort());
        compare(differing, "--etcd-port", etcdPort, present.etcdPort());
        compare(differing, "--offline", offline, present.offline());
        if (!differing.isEmpty()) {
            throw new CliException("the cluster " + present.name() + " is there already, with "
                    + String.join(", ", differing) + ": leave that out, or remove the cluster with ./jolly down first");
        }
    }

    private static void compare(List<String> differing, String option, Object chosen, Object present) {
        if (chosen != null && !Objects.equals(chosen, present)) {
            differing.add(option + " " + present + " and not " + chosen);
        }
    }

    private static <T> T or(T chosen, T otherwise) {
        return chosen == null ? otherwise : chosen;
    }
}

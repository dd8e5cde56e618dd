package io.jollyboat.controllers.deployment;

import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.apps.v1.ReplicaSet;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.values.IntOrStrings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A deployment and its ReplicaSets, to which plans are applied as an API server and a ReplicaSet controller would. */
final class World {
    Deployment deployment;
    final Map<String, ReplicaSet> sets = new LinkedHashMap<>();
    final Map<String, List<Pod>> pods = new HashMap<>();
    final List<String> events = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int uids;

    World(int replicas, Object surge, Object unavailable) {
        Deployment.Builder d = Deployment.newBuilder();
        d.getMetadataBuilder().setName("web").setNamespace("ns").setUid("d").setGeneration(1);
        d.getSpecBuilder()
                .setReplicas(replicas)
                .setProgressDeadlineSeconds(600)
                .setRevisionHistoryLimit(10)
                .getSelectorBuilder()
                .putMatchLabels("app", "web");
        d.getSpecBuilder().getTemplateBuilder().getMetadataBuilder().putLabels("app", "web");
        d.getSpecBuilder()
                .getTemplateBuilder()
                .getSpecBuilder()
                .addContainersBuilder()
                .setImage("v1");
        d.getSpecBuilder().getStrategyBuilder().setType("RollingUpdate");
        d.getSpecBuilder()
                .getStrategyBuilder()
                .getRollingUpdateBuilder()
                .setMaxSurge(surge instanceof Integer i ? IntOrStrings.of(i) : IntOrStrings.of((String) surge))
                .setMaxUnavailable(
                        unavailable instanceof Integer i ? IntOrStrings.of(i) : IntOrStrings.of((String) unavailable));
        deployment = d.build();
    }

    void edit(Consumer<Deployment.Builder> change) {
        Deployment.Builder d = deployment.toBuilder();
        change.accept(d);
        d.getMetadataBuilder().setGeneration(deployment.getMetadata().getGeneration() + 1);
        deployment = d.build();
    }

    void setImage(String image) {
        edit(d -> d.getSpecBuilder()
                .getTemplateBuilder()
                .getSpecBuilder()
                .getContainersBuilder(0)
                .setImage(image));
    }

    void scaleTo(int replicas) {
        edit(d -> d.getSpecBuilder().setReplicas(replicas));
    }

    List<DeploymentAction> plan() {
        return DeploymentPlanner.plan(
                new DeploymentView(deployment, List.copyOf(sets.values()), Map.copyOf(pods)), now);
    }

    /** Plans and carries out; says whether anything was written. */
    boolean step() {
        boolean wrote = false;
        for (DeploymentAction action : plan()) {
            switch (action) {
                case DeploymentAction.CreateReplicaSet a -> {
                    ReplicaSet.Builder rs = a.replicaSet().toBuilder();
                    String uid = "rs" + ++uids;
                    rs.getMetadataBuilder().setUid(uid).setGeneration(1);
                    rs.getMetadataBuilder().getCreationTimestampBuilder().setSeconds(now.getEpochSecond());
                    sets.put(uid, rs.build());
                    a.event().ifPresent(e -> events.add(e.message()));
                    wrote = true;
                }
                case DeploymentAction.UpdateReplicaSet a -> {
                    sets.put(a.replicaSet().getMetadata().getUid(), a.replicaSet());
                    a.event().ifPresent(e -> events.add(e.message()));
                    wrote = true;
                }
                case DeploymentAction.DeleteReplicaSet a -> {
                    sets.remove(a.replicaSet().getMetadata().getUid());
                    wrote = true;
                }
                case DeploymentAction.UpdateStatus a -> {
                    deployment = deployment.toBuilder()
                            .setStatus(a.deployment().getStatus())
                            .setMetadata(a.deployment().getMetadata())
                            .build();
                    wrote = true;
                }
                case DeploymentAction.UpdateDeployment a -> {
                    long generation = deployment.getMetadata().getGeneration();
                    deployment = a.deployment();
                    edit(d -> d.getMetadataBuilder().setGeneration(generation));
                    a.event().ifPresent(e -> events.add(e.message()));
                    wrote = true;
                }
                case DeploymentAction.Emit a -> events.add(a.event().message());
                case DeploymentAction.LookAgain a -> {}
            }
        }
        now = now.plusSeconds(1);
        return wrote;
    }

    /** What a ReplicaSet controller and kubelets do: pods there at once, one more of each set available. */
    void podsProgress(boolean newOnesHealthy, String newImage) {
        sets.replaceAll((uid, rs) -> {
            int wanted = rs.getSpec().getReplicas();
            boolean isNew = image(rs).equals(newImage);
            int available = Math.min(wanted, rs.getStatus().getAvailableReplicas());
            if ((!isNew || newOnesHealthy) && available < wanted) {
                available++;
            }
            ReplicaSet.Builder next = rs.toBuilder();
            next.getStatusBuilder()
                    .setObservedGeneration(1)
                    .setReplicas(wanted)
                    .setReadyReplicas(available)
                    .setAvailableReplicas(available)
                    .setTerminatingReplicas(0);
            return next.build();
        });
    }

    void settle() {
        String image = image(deployment);
        for (int i = 0; i < 500; i++) {
            podsProgress(true, image);
            if (!step() && sets.values().stream().allMatch(World::isQuiet)) {
                return;
            }
        }
        throw new AssertionError("does not settle: " + sets.values());
    }

    private static boolean isQuiet(ReplicaSet rs) {
        return rs.getSpec().getReplicas() == rs.getStatus().getAvailableReplicas();
    }

    int total() {
        return sets.values().stream().mapToInt(rs -> rs.getSpec().getReplicas()).sum();
    }

    int available() {
        return sets.values().stream()
                .mapToInt(rs -> rs.getStatus().getAvailableReplicas())
                .sum();
    }

    ReplicaSet of(String image) {
        return sets.values().stream()
                .filter(rs -> image(rs).equals(image))
                .findFirst()
                .orElseThrow();
    }

    String condition(String type) {
        return DeploymentConditions.get(deployment.getStatus(), type)
                .map(c -> c.getStatus() + " " + c.getReason())
                .orElse("-");
    }

    static String image(Deployment d) {
        return d.getSpec().getTemplate().getSpec().getContainers(0).getImage();
    }

    static String image(ReplicaSet rs) {
        return rs.getSpec().getTemplate().getSpec().getContainers(0).getImage();
    }
}

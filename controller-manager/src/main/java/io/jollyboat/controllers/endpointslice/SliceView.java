package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.core.v1.Node;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.api.meta.v1.Time;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan is made from.
 *
 * @param pods that the Service selects
 * @param slices of the Service that this controller manages and that are not being deleted
 * @param nodes of the pods, by name; a name may be missing
 * @param trigger the time of the change, for the annotation
 */
record SliceView(
        Service service,
        Collection<Pod> pods,
        List<EndpointSlice> slices,
        Map<String, Node> nodes,
        Optional<Time> trigger) {}

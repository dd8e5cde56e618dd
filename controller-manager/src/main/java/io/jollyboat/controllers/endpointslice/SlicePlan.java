package io.jollyboat.controllers.endpointslice;

import io.jollyboat.api.discovery.v1.EndpointSlice;
import java.util.List;

/**
 * Creations first, then updates, then deletions: an address is never missing in between.
 *
 * @param missingNodes names of nodes that pods are on and that are not known (yet)
 */
record SlicePlan(
        List<EndpointSlice> create,
        List<EndpointSlice> update,
        List<EndpointSlice> delete,
        List<String> missingNodes) {}

package io.jollyboat.proxy.dns;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import java.util.Collection;

/** What the zone is made of. Reads are thread-safe and never block. */
interface ClusterNames {
    /** False until the first complete state is there. */
    boolean ready();

    /** Null when there is none. */
    Service service(String namespace, String name);

    Collection<Service> services(String namespace);

    Collection<Service> servicesByIp(String ip);

    Collection<EndpointSlice> slices(String namespace, String service);

    Collection<EndpointSlice> slicesByAddress(String ip);

    /** Grows with every change. */
    int serial();
}

package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.apiserver.outbound.Address;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.Peer;

/**
 * A group's version that another server serves.
 *
 * @param server the Service it is behind; the same object for as long as server and trust are the same
 */
public record RemoteApi(String group, String version, Priorities priorities, boolean available, Server server) {
    /**
     * A server, as one APIService describes it.
     *
     * @param peer null where it cannot be called whatever happens
     * @param trouble why not, else empty
     */
    public record Server(String namespace, String name, int port, Peer peer, String trouble) {
        /** The same for all that one Service serves. */
        String key() {
            return namespace + "/" + name + ":" + port;
        }

        /** Where it is reached just now. */
        public Address address() throws CallException {
            return peer.dialer().resolve();
        }
    }

    static RemoteApi of(APIService service, Server server) {
        return new RemoteApi(
                service.getSpec().getGroup(),
                service.getSpec().getVersion(),
                new Priorities(
                        service.getSpec().getGroupPriorityMinimum(),
                        service.getSpec().getVersionPriority()),
                ApiServiceNames.isAvailable(service),
                server);
    }

    String name() {
        return ApiServiceNames.of(group, version);
    }

    /** Where its resources are listed. */
    String path() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }
}

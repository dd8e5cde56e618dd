package io.jollyboat.apiserver.aggregation;

import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceSpec;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.Peer;
import io.jollyboat.apiserver.outbound.Trust;
import io.jollyboat.kinds.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;

/** All APIServices, and which requests go elsewhere. One thread tells of changes; any may read. */
final class ApiServices implements ObjectLookup.Listener<APIService> {
    private final HttpCaller caller;
    private final ServiceAddresses addresses;
    private final Supplier<KeyManager[]> identity;
    private final List<Listener> listeners = new ArrayList<>();
    private volatile State state = new State(Map.of(), Map.of());

    /** Hears of changes, on the thread that brings them; only hands over. */
    @FunctionalInterface
    interface Listener {
        void changed(String name);
    }

    /**
     * What there is at one moment.
     *
     * @param all by name
     * @param remote those of other servers, by name
     */
    record State(Map<String, APIService> all, Map<String, RemoteApi> remote) {}

    /** @param identity what is shown to the other servers; may give null */
    ApiServices(HttpCaller caller, ServiceAddresses addresses, Supplier<KeyManager[]> identity) {
        this.caller = caller;
        this.addresses = addresses;
        this.identity = identity;
    }

    /** Before the first change. */
    void onChange(Listener listener) {
        listeners.add(listener);
    }

    State state() {
        return state;
    }

    /** Null where this server answers itself. */
    RemoteApi find(String path) {
        Map<String, RemoteApi> remote = state.remote();
        if (remote.isEmpty()) {
            return null;
        }
        List<String> parts = new ArrayList<>(4);
        for (String part : path.split("/", 7)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        if (!parts.isEmpty() && parts.getFirst().equals("api")) {
            return remote.get("v1.");
        }
        if (parts.size() == 5 && path.startsWith("/openapi/v3/apis/")) {
            return remote.get(ApiServiceNames.of(parts.get(3), parts.get(4)));
        }
        return parts.size() >= 3 && parts.getFirst().equals("apis")
                ? remote.get(ApiServiceNames.of(parts.get(1), parts.get(2)))
                : null;
    }

    @Override
    public void onPut(ObjectKey key, APIService service) {
        State before = state;
        Map<String, APIService> all = new TreeMap<>(before.all());
        Map<String, RemoteApi> remote = new HashMap<>(before.remote());
        APIService old = all.put(key.name(), service);
        if (service.getSpec().hasService()) {
            RemoteApi known = remote.get(key.name());
            boolean same = known != null && sameServer(old.getSpec(), service.getSpec());
            remote.put(key.name(), RemoteApi.of(service, same ? known.server() : server(service.getSpec())));
        } else {
            remote.remove(key.name());
        }
        replace(before, all, remote, key.name());
    }

    @Override
    public void onRemove(ObjectKey key) {
        State before = state;
        Map<String, APIService> all = new TreeMap<>(before.all());
        Map<String, RemoteApi> remote = new HashMap<>(before.remote());
        all.remove(key.name());
        remote.remove(key.name());
        replace(before, all, remote, key.name());
    }

    private void replace(State before, Map<String, APIService> all, Map<String, RemoteApi> remote, String name) {
        state = new State(all, Map.copyOf(remote));
        RemoteApi old = before.remote().get(name);
        if (old != null
                && (remote.get(name) == null || !remote.get(name).server().equals(old.server()))) {
            caller.forget(peer -> peer.equals(old.server().peer()));
        }
        listeners.forEach(listener -> listener.changed(name));
    }

    private static boolean sameServer(APIServiceSpec one, APIServiceSpec other) {
        return one.getService().equals(other.getService())
                && one.getCaBundle().equals(other.getCaBundle())
                && one.getInsecureSkipTLSVerify() == other.getInsecureSkipTLSVerify();
    }

    private RemoteApi.Server server(APIServiceSpec spec) {
        String namespace = spec.getService().getNamespace();
        String name = spec.getService().getName();
        int port = spec.getService().hasPort() ? spec.getService().getPort() : 443;
        String host = name + "." + namespace + ".svc";
        try {
            Trust trust = spec.getInsecureSkipTLSVerify()
                    ? Trust.anyone(identity)
                    : Trust.of(spec.getCaBundle().toByteArray(), identity);
            Peer peer = new Peer(host + ":" + port, host, () -> addresses.resolve(namespace, name, port), trust);
            return new RemoteApi.Server(namespace, name, port, peer, "");
        } catch (CallException e) {
            return new RemoteApi.Server(namespace, name, port, null, e.getMessage());
        }
    }
}

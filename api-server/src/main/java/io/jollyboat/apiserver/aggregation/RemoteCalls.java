package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What this server asks other servers by itself. */
final class RemoteCalls {
    /** In whose name availability and discovery are asked. */
    static final UserInfo AGGREGATOR = new UserInfo("system:kube-aggregator", List.of(Groups.MASTERS));

    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private final HttpCaller caller;

    RemoteCalls(HttpCaller caller) {
        this.caller = caller;
    }

    /** @param etag of what is known, empty for nothing */
    Answer get(RemoteApi.Server server, String path, UserInfo user, String accept, String etag, Duration timeout)
            throws CallException, InterruptedException {
        if (server.peer() == null) {
            throw new CallException(server.trouble());
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>(ProxyHeaders.of(user));
        if (!accept.isEmpty()) {
            headers.add(Map.entry("Accept", accept));
        }
        if (!etag.isEmpty()) {
            headers.add(Map.entry("If-None-Match", etag));
        }
        headers.add(Map.entry("User-Agent", "kube-aggregator"));
        return caller.call(server.peer(), "GET", path, headers, null, timeout, MAX_BYTES);
    }

    /** Connections of a server that answers badly are not used again. */
    void forget(RemoteApi.Server server) {
        caller.forget(peer -> peer.equals(server.peer()));
    }
}

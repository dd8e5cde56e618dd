package io.jollyboat.apiserver.rest;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.NodeProxyOptions;
import io.jollyboat.api.core.v1.PodAttachOptions;
import io.jollyboat.api.core.v1.PodExecOptions;
import io.jollyboat.api.core.v1.PodPortForwardOptions;
import io.jollyboat.api.core.v1.PodProxyOptions;
import io.jollyboat.api.core.v1.ServiceProxyOptions;
import io.jollyboat.apiserver.request.QueryParams;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.Target;
import io.jollyboat.errors.ApiException;
import java.util.ArrayList;
import java.util.List;

/** What admission sees of a connection: its options, from the query. */
final class ConnectOptions {
    private static final int MAX_PORT = 65535;

    private ConnectOptions() {}

    static Message of(Target target, RequestInfo info, QueryParams query) {
        String path = info.subpath().isEmpty() ? "" : "/" + info.subpath();
        return switch (target.subresource()) {
            case "exec" ->
                PodExecOptions.newBuilder()
                        .setStdin(query.flag("stdin"))
                        .setStdout(query.flag("stdout"))
                        .setStderr(query.flag("stderr"))
                        .setTty(query.flag("tty"))
                        .setContainer(query.text("container"))
                        .addAllCommand(query.all("command"))
                        .build();
            case "attach" ->
                PodAttachOptions.newBuilder()
                        .setStdin(query.flag("stdin"))
                        .setStdout(query.flag("stdout"))
                        .setStderr(query.flag("stderr"))
                        .setTty(query.flag("tty"))
                        .setContainer(query.text("container"))
                        .build();
            case "portforward" ->
                PodPortForwardOptions.newBuilder().addAllPorts(ports(query)).build();
            default ->
                switch (target.type().plural()) {
                    case "nodes" -> NodeProxyOptions.newBuilder().setPath(path).build();
                    case "services" ->
                        ServiceProxyOptions.newBuilder().setPath(path).build();
                    default -> PodProxyOptions.newBuilder().setPath(path).build();
                };
        };
    }

    /** Each repeated value may name several, separated by commas; 400 for what is no port. */
    static List<Integer> ports(QueryParams query) {
        List<Integer> ports = new ArrayList<>();
        for (String list : query.all("ports")) {
            for (String port : list.split(",", -1)) {
                if (!port.matches("\\d{1,9}") || Integer.parseInt(port) > MAX_PORT) {
                    throw ApiException.badRequest("cannot convert to []int32: strconv.ParseUint: parsing \""
                            + port.replace("\\", "\\\\").replace("\"", "\\\"") + "\": "
                            + (port.matches("\\d+") ? "value out of range" : "invalid syntax"));
                }
                ports.add(Integer.parseInt(port));
            }
        }
        return ports;
    }
}

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

/** What admission sees of a connection: its options, from the query. */
final class ConnectOptions {
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
            case "portforward" -> PodPortForwardOptions.getDefaultInstance();
            default ->
                switch (target.type().plural()) {
                    case "nodes" -> NodeProxyOptions.newBuilder().setPath(path).build();
                    case "services" ->
                        ServiceProxyOptions.newBuilder().setPath(path).build();
                    default -> PodProxyOptions.newBuilder().setPath(path).build();
                };
        };
    }
}

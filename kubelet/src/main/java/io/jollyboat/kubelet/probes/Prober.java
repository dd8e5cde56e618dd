package io.jollyboat.kubelet.probes;

import io.grpc.Status;
import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.cri.v1.ExecSyncResponse;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Carries out single probes. */
final class Prober {
    private static final int MAX_OUTPUT = 10 << 10;

    private final ContainerRuntime cri;

    Prober(ContainerRuntime cri) {
        this.cri = cri;
    }

    /** @param podIp where TCP and HTTP go unless the probe names a host */
    ProbeResult probe(Probe probe, Container container, String containerId, String podIp) {
        Duration timeout = Duration.ofSeconds(Math.max(1, probe.getTimeoutSeconds()));
        ProbeHandler handler = probe.getHandler();
        try {
            if (handler.hasExec()) {
                return exec(handler, containerId, timeout);
            }
            if (handler.hasHttpGet()) {
                return http(Ports.http(container, handler.getHttpGet(), podIp), timeout);
            }
            if (handler.hasTcpSocket()) {
                String host = handler.getTcpSocket().getHost().isEmpty()
                        ? podIp
                        : handler.getTcpSocket().getHost();
                return tcp(host, Ports.resolve(container, handler.getTcpSocket().getPort()), timeout);
            }
            if (handler.hasGrpc()) {
                return GrpcCheck.check(
                        podIp, handler.getGrpc().getPort(), handler.getGrpc().getService(), timeout);
            }
        } catch (IllegalArgumentException e) {
            return ProbeResult.failure(e.getMessage());
        }
        return ProbeResult.failure("missing probe handler");
    }

    private ProbeResult exec(ProbeHandler handler, String containerId, Duration timeout) {
        try {
            ExecSyncResponse response =
                    cri.execSync(containerId, handler.getExec().getCommandList(), timeout);
            String output = response.getStdout().concat(response.getStderr()).toStringUtf8();
            output = output.substring(0, Math.min(output.length(), MAX_OUTPUT));
            return new ProbeResult(response.getExitCode() == 0, output);
        } catch (CriException e) {
            if (e.code() == Status.Code.DEADLINE_EXCEEDED) {
                return ProbeResult.failure("command timed out: \""
                        + String.join(" ", handler.getExec().getCommandList()) + "\" timed out after "
                        + timeout.toSeconds() + "s");
            }
            return ProbeResult.failure("command failed: " + e.rpcText());
        }
    }

    private static ProbeResult http(HttpCheck.Target target, Duration timeout) {
        try {
            int status = HttpCheck.get(target, timeout);
            return status >= 200 && status < 400
                    ? ProbeResult.SUCCESS
                    : ProbeResult.failure("HTTP probe failed with statuscode: " + status);
        } catch (IOException e) {
            return ProbeResult.failure(e.getMessage());
        }
    }

    private static ProbeResult tcp(String host, int port, Duration timeout) {
        HttpCheck.Target target = new HttpCheck.Target("tcp", host, port, "", java.util.Map.of());
        try (Socket socket = new Socket()) {
            HttpCheck.connect(socket, target, timeout);
            return ProbeResult.SUCCESS;
        } catch (SocketTimeoutException e) {
            return ProbeResult.failure("dial tcp " + host + ":" + port + ": i/o timeout");
        } catch (IOException e) {
            return ProbeResult.failure(e.getMessage());
        }
    }
}

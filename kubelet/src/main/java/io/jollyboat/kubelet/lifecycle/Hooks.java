package io.jollyboat.kubelet.lifecycle;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.LifecycleHandler;
import io.jollyboat.cri.v1.ExecSyncResponse;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.model.PodId;
import io.jollyboat.kubelet.probes.HttpCheck;
import io.jollyboat.kubelet.probes.Ports;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.time.Duration;

/** Carries out postStart and preStop handlers. */
public final class Hooks {
    /** What upstream's HTTP hooks wait for. */
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);

    private final ContainerRuntime cri;
    private final Runtime runtime;

    public Hooks(ContainerRuntime cri, Runtime runtime) {
        this.cri = cri;
        this.runtime = runtime;
    }

    /** The message of the failure is upstream's. */
    public static final class HookException extends Exception {
        private static final long serialVersionUID = 1;

        HookException(String message) {
            super(message);
        }
    }

    /** @param timeout for the whole of it; zero for none */
    public void run(
            PodId pod, Container container, String containerId, LifecycleHandler hook, String podIp, Duration timeout)
            throws HookException, InterruptedException {
        if (hook.hasExec()) {
            exec(pod, container, containerId, hook, timeout);
        } else if (hook.hasHttpGet()) {
            http(pod, container, hook, podIp, timeout);
        } else if (hook.hasSleep()) {
            Duration wanted = Duration.ofSeconds(hook.getSleep().getSeconds());
            runtime.sleep(timeout.isZero() || wanted.compareTo(timeout) < 0 ? wanted : timeout);
        } else {
            throw new HookException("invalid handler: no action set");
        }
    }

    private void exec(PodId pod, Container container, String containerId, LifecycleHandler hook, Duration timeout)
            throws HookException {
        String prefix =
                "Exec lifecycle hook ([" + String.join(" ", hook.getExec().getCommandList()) + "]) for Container \""
                        + container.getName() + "\" in Pod \"" + pod + "\" failed - error: ";
        String command = String.join(" ", hook.getExec().getCommandList());
        try {
            ExecSyncResponse response = cri.execSync(containerId, hook.getExec().getCommandList(), timeout);
            if (response.getExitCode() != 0) {
                String output =
                        response.getStdout().concat(response.getStderr()).toStringUtf8();
                throw new HookException(prefix + "command '" + command + "' exited with " + response.getExitCode()
                        + ": " + response.getStderr().toStringUtf8() + ", message: " + quoted(output));
            }
        } catch (CriException e) {
            throw new HookException(prefix + e.rpcText() + ", message: \"\"");
        }
    }

    private static void http(PodId pod, Container container, LifecycleHandler hook, String podIp, Duration timeout)
            throws HookException {
        String prefix = "HTTP lifecycle hook (" + hook.getHttpGet().getPath() + ") for Container \""
                + container.getName() + "\" in Pod \"" + pod + "\" failed - error: ";
        try {
            Duration limit = timeout.isZero() ? HTTP_TIMEOUT : timeout;
            int status = HttpCheck.get(Ports.http(container, hook.getHttpGet(), podIp), limit);
            if (status >= 400) {
                throw new HookException(prefix + "HTTP status " + status + ", message: \"\"");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new HookException(prefix + e.getMessage() + ", message: \"\"");
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}

package io.jollyboat.cli;

import io.jollyboat.runtime.SystemRuntime;
import java.io.IOException;
import java.util.List;

/** {@code up --embedded}: the control plane and simulated nodes in one JVM in the foreground, for any user. */
final class EmbeddedCluster {
    private EmbeddedCluster() {}

    /** Runs until interrupted; what it keeps is in memory, and gone afterwards. */
    static void up(ClusterSpec spec) throws IOException, InterruptedException {
        ClusterPaths paths = ClusterPaths.of(spec.name());
        System.out.println("No worker hosts here: " + spec.nodes()
                + " simulated node(s), whose pods run nothing, and all data in memory.");
        List<String> command = JavaProcess.EMBEDDED.command(
                paths,
                List.of(
                        Integer.toString(spec.nodes()),
                        spec.name(),
                        UserKubeconfig.file().toString()));
        Process process = new ProcessBuilder(command).inheritIO().start();
        SystemRuntime.instance().onShutdown(process::destroy);
        int code = process.waitFor();
        if (code != 0 && code != 143 && code != 130) {
            throw new CliException("the embedded cluster ended with code " + code);
        }
    }
}

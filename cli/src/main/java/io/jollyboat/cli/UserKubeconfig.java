package io.jollyboat.cli;

import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Kubeconfigs;
import io.jollyboat.tls.Pki;
import io.jollyboat.tls.TlsException;
import java.nio.file.Path;

/** The cluster's context in the kubeconfig that the user's kubectl reads. */
final class UserKubeconfig {
    private UserKubeconfig() {}

    static void merge(ClusterSpec spec, Pki pki) {
        new Kubeconfigs(SystemRuntime.instance()).merge(file(), spec.name(), server(spec), pki.portableAdmin());
    }

    /** Refuses early what could not be changed later. */
    static void check() {
        try {
            Kubeconfigs.check(file());
        } catch (TlsException e) {
            throw new CliException(
                    "your kubeconfig: " + e.getMessage() + "; mend it, or name another file in KUBECONFIG", e);
        }
    }

    static void remove(ClusterSpec spec) {
        new Kubeconfigs(SystemRuntime.instance()).remove(file(), spec.name());
    }

    static String server(ClusterSpec spec) {
        return "https://127.0.0.1:" + spec.apiPort();
    }

    /** The first file of KUBECONFIG, as kubectl writes to, else ~/.kube/config. */
    static Path file() {
        String variable = System.getenv("KUBECONFIG");
        if (variable != null && !variable.isBlank()) {
            return Path.of(variable.split(":")[0]);
        }
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
        return Path.of(home, ".kube", "config");
    }
}

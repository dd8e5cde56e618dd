package io.jollyboat.cli;

import io.jollyboat.cli.ClusterSpec.LocalNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One worker host's containerd: configuration and images. */
final class Containerd {
    /** Bit of CAP_SYS_RESOURCE in a capability set; without it a lower oom_score_adj cannot be set. */
    private static final int CAP_SYS_RESOURCE = 24;

    private final ClusterPaths paths;
    private final LocalNode node;

    Containerd(ClusterPaths paths, LocalNode node) {
        this.paths = paths;
        this.node = node;
    }

    List<String> command() {
        return List.of(
                "nsenter",
                "--net=/run/netns/" + node.namespace(),
                "containerd",
                "--config",
                configFile().toString());
    }

    Path configFile() {
        return paths.node(node).resolve("containerd.toml");
    }

    Path cniConfFolder() {
        return paths.node(node).resolve("cni");
    }

    void writeConfig() throws IOException {
        Files.createDirectories(paths.nodeRun(node));
        Files.createDirectories(cniConfFolder());
        Files.createDirectories(paths.registries());
        Programs programs = Programs.ofThisMachine();
        String cniFolder = programs.cniFolder()
                .orElseThrow(() -> new CliException("no CNI plugins found: install containernetworking-plugins"));
        Files.writeString(configFile(), """
                version = 2
                root = "%1$s/containerd"
                state = "%2$s/containerd"
                disabled_plugins = ["io.containerd.internal.v1.opt"]

                [grpc]
                  address = "%3$s"

                [debug]
                  level = "warn"

                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%4$s"
                  restrict_oom_score_adj = %5$s
                  netns_mounts_under_state_dir = true
                  disable_tcp_service = true
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"

                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                  runtime_type = "io.containerd.runc.v2"
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                    Root = "%2$s/oci"
                    BinaryName = "%9$s"

                [plugins."io.containerd.grpc.v1.cri".cni]
                  bin_dir = "%6$s"
                  conf_dir = "%7$s"
                  max_conf_num = 1

                [plugins."io.containerd.grpc.v1.cri".registry]
                  config_path = "%8$s:/etc/containerd/certs.d"
                """.formatted(
                        paths.node(node),
                        paths.nodeRun(node),
                        paths.containerdSocket(node),
                        LocalImages.PAUSE,
                        !hasSysResource(),
                        cniFolder,
                        cniConfFolder(),
                        paths.registries(),
                        OciRuntime.binary(programs, paths.nodeRun(node))));
    }

    boolean answers() {
        return Files.exists(paths.containerdSocket(node)) && ctr("version").code() == 0;
    }

    /** Imports an image archive for the CRI to see. */
    void importImage(Path archive) {
        Shell.Result result = ctr("-n", "k8s.io", "images", "import", archive.toString());
        if (result.code() != 0) {
            String reason = result.output()
                    .lines()
                    .filter(line -> line.startsWith("ctr: "))
                    .findFirst()
                    .map(line -> line.substring(5))
                    .orElse(result.output());
            throw new CliException("cannot load " + archive + " on " + node.name() + ": " + reason
                    + "; it must be an archive made by docker save, or an OCI layout in a tar");
        }
    }

    /** References of the images that are there. */
    List<String> images() {
        return ctr("-n", "k8s.io", "images", "ls", "-q").output().lines().toList();
    }

    private Shell.Result ctr(String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "ctr";
        command[1] = "--address";
        command[2] = paths.containerdSocket(node).toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return Shell.run(command);
    }

    private static boolean hasSysResource() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(l -> l.startsWith("CapBnd:"))
                .findFirst()
                .orElse("CapBnd: 0");
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> CAP_SYS_RESOURCE & 1) == 1;
    }
}

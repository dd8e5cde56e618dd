package io.jollyboat.kubelet.testing;

import io.jollyboat.kubelet.cri.CriException;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A worker host for tests: a network namespace with a containerd of its own, joined to this one by a pair of interfaces
 * so that pods can be reached from here. {@link #close} leaves nothing.
 */
public final class ContainerdHost implements AutoCloseable {
    public static final String BUSYBOX = "registry.test/busybox:1";
    public static final String PAUSE = "registry.test/pause:1";

    private final Path folder;
    private final String name;
    private final int subnet;
    private Process containerd;

    private ContainerdHost(Path folder, String name, int subnet) {
        this.folder = folder;
        this.name = name;
        this.subnet = subnet;
    }

    /** Skips the test, saying why, where no containerd can be run. */
    public static ContainerdHost start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/containerd")), "needs containerd");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/catatonit")), "needs catatonit");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/busybox")), "needs busybox-static");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        int number = (int) (ProcessHandle.current().pid() % 250);
        ContainerdHost host = new ContainerdHost(Files.createTempDirectory("kubelet-test"), "klt" + number, number);
        boolean started = false;
        try {
            host.network();
            host.configure();
            host.startContainerd();
            host.loadImages();
            started = true;
        } finally {
            if (!started) {
                host.close();
            }
        }
        return host;
    }

    public Path folder() {
        return folder;
    }

    public String socket() {
        return folder.resolve("containerd.sock").toString();
    }

    /** This process' address as the host's containers and containerd reach it. */
    public String outsideAddress() {
        return "10.91." + subnet + ".1";
    }

    /** Lets containerd pull without TLS. */
    public void allowPlainHttp(String registry) throws IOException {
        Path file = folder.resolve("certs.d").resolve(registry).resolve("hosts.toml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                server = "http://%1$s"
                [host."http://%1$s"]
                  capabilities = ["pull", "resolve"]
                """.formatted(registry));
    }

    /** Named so that several tests on one machine do not meet. */
    public String cgroupRoot() {
        return "/" + name;
    }

    public GrpcContainerRuntime runtime(Runtime runtime) {
        return new GrpcContainerRuntime("unix://" + socket(), runtime);
    }

    /** Kills containerd, not its containers, and starts it again. */
    public void restartContainerd() throws IOException, InterruptedException {
        containerd.destroyForcibly().waitFor();
        startContainerd();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run(true, "ctr", "-a", socket(), "-n", "k8s.io", "tasks", "kill", "-a", "-s", "KILL");
        for (ProcessHandle shim : shims()) {
            shim.descendants().forEach(ProcessHandle::destroyForcibly);
            shim.destroyForcibly();
        }
        if (containerd != null) {
            containerd.destroy();
            if (!containerd.waitFor(60, TimeUnit.SECONDS)) {
                containerd.destroyForcibly().waitFor();
            }
        }
        unmountAll();
        // With its namespace the link would go some time later, and be in the way of the next host of the name.
        run(true, "ip", "link", "del", name);
        run(true, "ip", "netns", "del", name);
        run(true, "rm", "-rf", folder.toString());
        io.jollyboat.kubelet.testing.TestCgroups.remove(cgroupRoot());
    }

    private List<ProcessHandle> shims() {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains(socket()))
                .filter(p -> p.info().command().orElse("").contains("shim"))
                .toList();
    }

    private void unmountAll() throws IOException, InterruptedException {
        List<String> mounts = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[4])
                .filter(point -> point.startsWith(folder + "/"))
                .toList());
        for (String mount : mounts.reversed()) {
            run(true, "umount", "-l", mount);
        }
    }

    private void network() throws IOException, InterruptedException {
        run(false, "ip", "netns", "add", name);
        run(false, "ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
        run(false, "ip", "addr", "add", "10.91." + subnet + ".1/30", "dev", name);
        run(false, "ip", "link", "set", name, "up");
        inside("ip", "addr", "add", "10.91." + subnet + ".2/30", "dev", "eth0");
        inside("ip", "link", "set", "eth0", "up");
        inside("ip", "link", "set", "lo", "up");
        inside("sysctl", "-qw", "net.ipv4.ip_forward=1");
        inside("ip", "route", "add", "default", "via", "10.91." + subnet + ".1");
        run(false, "ip", "route", "add", "10.201." + subnet + ".0/24", "via", "10.91." + subnet + ".2");
    }

    private void inside(String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
        whole.addAll(List.of(command));
        run(false, whole.toArray(String[]::new));
    }

    private void configure() throws IOException {
        Path cni = Files.createDirectories(folder.resolve("cni"));
        Files.writeString(cni.resolve("10-test.conflist"), """
                {"cniVersion": "0.4.0", "name": "test", "plugins": [
                  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true, "ipMasq": false,
                   "ipam": {"type": "host-local", "dataDir": "%s/ipam",
                            "ranges": [[{"subnet": "10.201.%d.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
                  {"type": "portmap", "capabilities": {"portMappings": true}}]}
                """.formatted(folder, subnet));
        Files.writeString(folder.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                [grpc]
                  address = "%1$s/containerd.sock"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%2$s"
                  restrict_oom_score_adj = true
                  disable_tcp_service = true
                  stream_server_address = "10.91.%3$d.2"
                  stream_server_port = "0"
                  netns_mounts_under_state_dir = true
                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = "%1$s/certs.d"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "/usr/lib/cni"
                    conf_dir = "%1$s/cni"
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                    runtime_type = "io.containerd.runc.v2"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                      Root = "%1$s/runc"
                [plugins."io.containerd.internal.v1.opt"]
                  path = "%1$s/opt"
                """.formatted(folder, PAUSE, subnet));
    }

    private void startContainerd() throws IOException {
        containerd = new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + name,
                        "containerd",
                        "-c",
                        folder.resolve("config.toml").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("containerd.log").toFile()))
                .start();
        try (GrpcContainerRuntime cri = runtime(io.jollyboat.runtime.SystemRuntime.instance())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsMatching(CriException.class::isInstance)
                    .until(() -> cri.version().getRuntimeName().equals("containerd"));
        }
    }

    private void loadImages() throws IOException, InterruptedException {
        OciImage pause = new OciImage(PAUSE, "{\"Entrypoint\":[\"/pause\",\"-P\"]}")
                .file("pause", Files.readAllBytes(Path.of("/usr/bin/catatonit")), 0755);
        load(pause);
        load(OciImage.busybox(
                BUSYBOX,
                List.of(
                        "sh",
                        "cat",
                        "sleep",
                        "true",
                        "false",
                        "echo",
                        "ls",
                        "env",
                        "httpd",
                        "nc",
                        "id",
                        "head",
                        "dd",
                        "hostname",
                        "touch",
                        "mkdir",
                        "wget",
                        "kill",
                        "stat",
                        "readlink",
                        "trap",
                        "tr",
                        "seq")));
    }

    private void load(OciImage image) throws IOException, InterruptedException {
        Path tar = folder.resolve("image.tar");
        image.write(tar);
        run(false, "ctr", "-a", socket(), "-n", "k8s.io", "images", "import", tar.toString());
        Files.delete(tar);
    }

    private static void run(boolean mayFail, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0 && !mayFail) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }
}

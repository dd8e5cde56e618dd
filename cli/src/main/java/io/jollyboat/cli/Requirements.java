package io.jollyboat.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What this machine must have before anything is started: root, Linux, programs, free ports, disk. */
final class Requirements {
    private static final long MIN_FREE_BYTES = 512L << 20;
    private static final List<String> CNI_FOLDERS = List.of("/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni");

    /** Program to Debian package; a program that is there, from wherever, is used. */
    private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

    static {
        PROGRAMS.put("containerd", "containerd");
        PROGRAMS.put("runc", "runc");
        PROGRAMS.put("etcd", "etcd-server");
        PROGRAMS.put("nft", "nftables");
        PROGRAMS.put("ip", "iproute2");
        PROGRAMS.put("nsenter", "util-linux");
        PROGRAMS.put("conntrack", "conntrack");
        PROGRAMS.put("busybox", "busybox-static");
        PROGRAMS.put("catatonit", "catatonit");
    }

    private Requirements() {}

    static boolean isRootOnLinux() {
        return System.getProperty("os.name").equals("Linux")
                && Shell.run("id", "-u").output().equals("0");
    }

    /** Installs what is missing with apt, and says so. */
    static void ensurePrograms(Progress progress) {
        List<String> packages = new ArrayList<>();
        PROGRAMS.forEach((program, debianPackage) -> {
            if (!onPath(program)) {
                packages.add(debianPackage);
            }
        });
        if (cniFolder().isEmpty()) {
            packages.add("containernetworking-plugins");
        }
        if (packages.isEmpty()) {
            return;
        }
        if (!onPath("apt-get")) {
            throw new CliException("missing programs (Debian packages): " + String.join(", ", packages)
                    + "; there is no apt-get here, so install them by hand");
        }
        progress.step("installing " + String.join(", ", packages));
        Map<String, String> quiet = Map.of("DEBIAN_FRONTEND", "noninteractive");
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        install.addAll(packages);
        if (Shell.run(install, quiet, "").code() != 0) {
            Shell.run(List.of("apt-get", "update"), quiet, "");
            Shell.Result result = Shell.run(install, quiet, "");
            if (result.code() != 0) {
                String last = result.output().lines().reduce((a, b) -> b).orElse("");
                throw new CliException("apt-get could not install " + String.join(", ", packages) + ": " + last);
            }
        }
    }

    static java.util.Optional<String> cniFolder() {
        return CNI_FOLDERS.stream()
                .filter(folder -> Files.isExecutable(Path.of(folder, "bridge"))
                        && Files.isExecutable(Path.of(folder, "host-local")))
                .findFirst();
    }

    static void checkPort(String what, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port));
        } catch (IOException e) {
            throw new CliException("port " + port + " (" + what
                    + ") is in use on this machine: free it, or choose another with --" + what + "-port");
        }
    }

    static void checkDisk(Path folder) {
        try {
            Files.createDirectories(folder);
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw new CliException("only %d MB are free at %s: at least %d MB are needed"
                        .formatted(free >> 20, folder, MIN_FREE_BYTES >> 20));
            }
        } catch (IOException e) {
            throw new CliException("cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin:/usr/libexec/podman";
        return Stream.of(path.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}

package io.jollyboat.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this machine must have before anything is started: root, Linux, free ports and ranges, disk. */
final class Requirements {
    private static final long MIN_FREE_BYTES = 512L << 20;
    /** The kernel's limit, less what containerd adds to its socket's name for a second one. */
    private static final int MAX_SOCKET_PATH = 107 - ".ttrpc".length();

    private static final Pattern USER = Pattern.compile("users:\\(\\(\"([^\"]+)\",pid=(\\d+)");

    private Requirements() {}

    static boolean isRootOnLinux() {
        return System.getProperty("os.name").equals("Linux")
                && Shell.run("id", "-u").output().equals("0");
    }

    /** All ports that the cluster opens on this machine itself; what hosts open is in their own namespaces. */
    static void checkPorts(ClusterSpec spec) {
        checkPort("the REST API", spec.apiPort(), "--api-port");
        checkPort("the components' API", spec.grpcPort(), "--grpc-port");
        checkPort("etcd", spec.etcdPort(), "--etcd-port");
        checkPort("etcd's peers", spec.etcdPort() + 1, "--etcd-port");
        if (ComponentConfigs.hasUsualPorts(spec)) {
            String advice = "a cluster of another name (--name) takes any";
            checkPort("the controller manager's health", ComponentConfigs.CONTROLLER_MANAGER_PORT, advice);
            checkPort("the scheduler's health", ComponentConfigs.SCHEDULER_PORT, advice);
        }
    }

    static void checkPort(String what, int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port));
        } catch (IOException e) {
            throw new CliException("port " + port + ", for " + what + ", is in use on this machine" + userOf(port)
                    + ": free it, or choose another: " + option);
        }
    }

    /** " by NAME (process PID)", where that can be seen. */
    private static String userOf(int port) {
        try {
            Matcher user = USER.matcher(
                    Shell.run("ss", "-Hlntp", "sport", "=", ":" + port).output());
            return user.find() ? " by " + user.group(1) + " (process " + user.group(2) + ")" : "";
        } catch (CliException noSs) {
            return "";
        }
    }

    /**
     * A range that something else on this machine routes already would be taken from it, or would take ours.
     *
     * @param routes as {@code ip -4 route show} prints them
     */
    static void checkRanges(ClusterSpec spec, List<String> routes) {
        for (Map.Entry<String, Ipv4Range> range : spec.ranges().entrySet()) {
            for (String route : routes) {
                String[] words = route.strip().split("\\s+");
                // "default", and types such as "unreachable", which take no traffic away from us
                boolean foreign = Ipv4Range.parse(words[0])
                                .filter(range.getValue()::overlaps)
                                .isPresent()
                        && !List.of(words).contains(spec.linkName());
                if (foreign) {
                    throw new CliException("the range " + range.getValue() + " is in use on this machine (route "
                            + route.strip() + "): choose another with " + range.getKey());
                }
            }
        }
    }

    /** Room and the right to write, in all folders that the cluster uses. */
    static void checkFolders(ClusterPaths paths) {
        for (Path folder : List.of(paths.data(), paths.run())) {
            checkWritable(folder);
        }
        long free;
        try {
            free = Files.getFileStore(paths.data()).getUsableSpace();
        } catch (IOException e) {
            throw CliException.of("cannot look at", paths.data(), e);
        }
        if (free < MIN_FREE_BYTES) {
            throw new CliException(
                    "only %d MB are free at %s: at least %d MB are needed; JOLLY_DATA chooses another folder"
                            .formatted(free >> 20, paths.data(), MIN_FREE_BYTES >> 20));
        }
    }

    /** A socket's path is short, whatever the file system allows. */
    static void checkSocketPaths(ClusterSpec spec, ClusterPaths paths) {
        String longest = paths.containerdSocket(spec.localNodes().getLast()).toString();
        int bytes = longest.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_PATH) {
            throw new CliException("the path of the socket " + longest + " has " + bytes + " bytes, and may have "
                    + MAX_SOCKET_PATH + ": choose a shorter JOLLY_RUN");
        }
    }

    private static void checkWritable(Path folder) {
        List<Path> made = new ArrayList<>();
        for (Path missing = folder; missing != null && !Files.exists(missing); missing = missing.getParent()) {
            made.add(missing);
        }
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".jolly", ""));
        } catch (IOException e) {
            made.forEach(ClusterPaths::deleteIfEmpty);
            throw CliException.of("cannot write to the folder", folder, e);
        }
    }
}

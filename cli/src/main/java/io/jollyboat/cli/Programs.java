package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The other programs that a cluster needs; Debian's packages of those that are missing are installed. */
final class Programs {
    static final List<String> CNI_FOLDERS = List.of("/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni");
    private static final String CNI_PACKAGE = "containernetworking-plugins";

    /** Program to Debian package; a program that is there, from wherever, is used. */
    private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

    static {
        PACKAGES.put("containerd", "containerd");
        PACKAGES.put("ctr", "containerd");
        PACKAGES.put("runc", "runc");
        PACKAGES.put("etcd", "etcd-server");
        PACKAGES.put("nft", "nftables");
        PACKAGES.put("ip", "iproute2");
        PACKAGES.put("nsenter", "util-linux");
        PACKAGES.put("setsid", "util-linux");
        PACKAGES.put("mount", "mount");
        PACKAGES.put("conntrack", "conntrack");
        PACKAGES.put("busybox", "busybox-static");
        PACKAGES.put("catatonit", "catatonit");
    }

    private final List<String> folders;
    private final List<String> cniFolders;
    private final Function<List<String>, Shell.Result> run;

    /**
     * @param folders where programs are looked for
     * @param run runs apt-get
     */
    Programs(List<String> folders, List<String> cniFolders, Function<List<String>, Shell.Result> run) {
        this.folders = folders;
        this.cniFolders = cniFolders;
        this.run = run;
    }

    static Programs ofThisMachine() {
        // Podman's folder is where some distributions have catatonit.
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin:/usr/libexec/podman";
        return new Programs(
                List.of(path.split(":")),
                CNI_FOLDERS,
                command -> Shell.run(command, Map.of("DEBIAN_FRONTEND", "noninteractive", "LC_ALL", "C.UTF-8"), ""));
    }

    /** Installs what is missing, and says so. */
    void ensure(Progress progress) {
        List<String> packages = missingPackages();
        if (packages.isEmpty()) {
            return;
        }
        String names = String.join(", ", packages);
        if (find("apt-get").isEmpty()) {
            throw new CliException("not installed: " + String.join(", ", missing()) + "; there is no apt-get here to "
                    + "install the Debian packages " + names + ": install them by hand");
        }
        progress.step("installing " + names);
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        install.addAll(packages);
        Shell.Result result = run.apply(install);
        if (result.code() != 0 && run.apply(List.of("apt-get", "update")).code() == 0) {
            result = run.apply(install);
        }
        if (result.code() != 0) {
            throw new CliException(
                    "apt-get could not install " + names + ": " + reason(result.output()) + ": install them by hand");
        }
        if (!missing().isEmpty()) {
            throw new CliException("apt-get installed " + names + ", but still there is no "
                    + String.join(", no ", missing()) + ": is its folder on the PATH?");
        }
    }

    /**
     * Installs a program that the cluster can be without, from the package of its name. What keeps it from being installed
     * is no error, and it is not tried again as long as {@code failed} exists.
     */
    void tryToInstall(String program, Path failed, Progress progress) {
        if (find(program).isPresent() || Files.exists(failed) || find("apt-get").isEmpty()) {
            return;
        }
        progress.step("installing " + program);
        // Offline, the usual retries would take minutes.
        List<String> patience = List.of("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=5");
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        install.addAll(patience);
        install.add(program);
        List<String> update = new ArrayList<>(List.of("apt-get", "update"));
        update.addAll(patience);
        Shell.Result result = run.apply(install);
        if (result.code() != 0 && run.apply(update).code() == 0) {
            result = run.apply(install);
        }
        if (result.code() != 0) {
            try {
                Files.createDirectories(failed.getParent());
                Files.writeString(failed, reason(result.output()));
            } catch (IOException e) {
                throw CliException.of("cannot write", failed, e);
            }
        }
    }

    /** Folder of the CNI plugins. */
    Optional<String> cniFolder() {
        return cniFolders.stream()
                .filter(folder -> Stream.of("bridge", "host-local", "loopback", "portmap")
                        .allMatch(plugin -> Files.isExecutable(Path.of(folder, plugin))))
                .findFirst();
    }

    Optional<Path> find(String program) {
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(PACKAGES.keySet().stream()
                .filter(program -> find(program).isEmpty())
                .toList());
        if (cniFolder().isEmpty()) {
            missing.add("CNI plugins (bridge, host-local, loopback, portmap in one of " + String.join(", ", cniFolders)
                    + ")");
        }
        return missing;
    }

    private List<String> missingPackages() {
        Stream<String> programs = PACKAGES.entrySet().stream()
                .filter(entry -> find(entry.getKey()).isEmpty())
                .map(Map.Entry::getValue);
        Stream<String> plugins = cniFolder().isEmpty() ? Stream.of(CNI_PACKAGE) : Stream.empty();
        return Stream.concat(programs, plugins).distinct().toList();
    }

    /** apt-get's first error line: those after it follow from it. */
    private static String reason(String output) {
        return output.lines()
                .filter(line -> line.startsWith("E: "))
                .findFirst()
                .map(line -> line.substring(3))
                .orElseGet(
                        () -> output.lines().reduce((first, second) -> second).orElse("it said nothing"));
    }
}

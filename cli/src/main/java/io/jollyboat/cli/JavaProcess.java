package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How one of our processes is started: small heap, the serial collector, and the AOT cache that the build made. The
 * class path is the same everywhere, since the cache holds only for the one it was made with.
 *
 * @param heapMb upper bound of the Java heap
 * @param youngMb what new objects begin with; all of it is touched sooner or later
 * @param optimised true keeps the C2 compiler, for the process that does the most work
 */
record JavaProcess(String mainClass, int heapMb, int youngMb, boolean optimised) {

    /**
     * Ten times the usual thresholds. With the usual ones C2 takes two fifths of the API server's CPU time in its first
     * minutes, while pods want to start on the same cores; under load these are reached, too, only later.
     */
    private static final List<String> LATE_C2 = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000");

    static final JavaProcess API_SERVER = new JavaProcess("io.jollyboat.apiserver.ApiServerMain", 768, 32, true);
    static final JavaProcess SCHEDULER = new JavaProcess("io.jollyboat.scheduler.SchedulerMain", 128, 4, false);
    static final JavaProcess CONTROLLER_MANAGER =
            new JavaProcess("io.jollyboat.controllers.ControllerManagerMain", 192, 4, false);
    static final JavaProcess KUBELET = new JavaProcess("io.jollyboat.kubelet.KubeletMain", 96, 4, false);
    static final JavaProcess KUBE_PROXY = new JavaProcess("io.jollyboat.proxy.KubeProxyMain", 64, 4, false);
    static final JavaProcess EMBEDDED = new JavaProcess("io.jollyboat.embedded.EmbeddedMain", 1024, 32, true);

    List<String> command(ClusterPaths paths, List<String> arguments) {
        Path distribution = paths.distribution();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx" + heapMb + "m",
                // Left alone, the heap begins at a 64th of the machine's memory and is filled before it is collected:
                // with these a one-node cluster takes 150 MB less.
                "-Xms" + (youngMb + 8) + "m",
                "-XX:NewSize=" + youngMb + "m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=25",
                // What the compilers leave behind goes back to the system: 5 MB a process, for 2 ms a time.
                "-XX:TrimNativeHeapInterval=30000",
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (optimised) {
            command.addAll(LATE_C2);
        } else {
            command.add("-XX:TieredStopAtLevel=1");
        }
        Path cache = distribution.resolve("jolly.aot");
        if (Files.exists(cache)) {
            // Mapped where it was made, the cache is shared by all processes; moved, it is 60 MB of each one's own.
            command.addAll(List.of(
                    "-XX:AOTCache=" + cache,
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0",
                    "-Xlog:aot=off",
                    "-Xlog:cds=off"));
        }
        command.addAll(List.of("-cp", classPath(distribution), mainClass));
        command.addAll(arguments);
        return command;
    }

    private static String classPath(Path distribution) {
        try {
            return Files.readAllLines(distribution.resolve("classpath")).stream()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new CliException("no build in " + distribution + ": " + e.getMessage(), e);
        }
    }
}

package io.jollyboat.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The processes that are watched while others are measured, by name. One name may stand for several. */
public final class Processes {
    private static final double TICKS_PER_SECOND = 100;

    private final Map<String, List<Long>> pids = new LinkedHashMap<>();

    /**
     * @param specs {@code NAME=PID[,PID]}, or {@code NAME=TEXT} for the processes whose command line has the text
     */
    public static Processes of(List<String> specs) throws IOException {
        Processes processes = new Processes();
        for (String spec : specs) {
            int equals = spec.indexOf('=');
            if (equals <= 0) {
                throw new IOException("--process " + spec + ": must be NAME=PID or NAME=TEXT");
            }
            String value = spec.substring(equals + 1);
            List<Long> found = value.matches("[0-9,]+") ? numbers(value) : byCommandLine(value);
            // 0 and below stand for whole groups of processes, this tool's own among them.
            if (found.isEmpty() || found.stream().anyMatch(pid -> pid <= 0)) {
                throw new IOException("--process " + spec + ": no such process");
            }
            processes.pids.put(spec.substring(0, equals), found);
        }
        return processes;
    }

    private static List<Long> numbers(String list) {
        List<Long> numbers = new ArrayList<>();
        for (String number : list.split(",")) {
            numbers.add(Long.parseLong(number));
        }
        return numbers;
    }

    private static List<Long> byCommandLine(String text) {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != self && commandLine(pid).contains(text))
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return ""; // gone meanwhile
        }
    }

    public boolean isEmpty() {
        return pids.isEmpty();
    }

    /** The pids of a name; empty when there is none. */
    List<Long> pids(String name) {
        return pids.getOrDefault(name, List.of());
    }

    /** The name stands for another process from now on. */
    void replace(String name, long pid) {
        pids.put(name, List.of(pid));
    }

    /** CPU time used so far, in seconds. */
    Map<String, Double> cpuSeconds() throws IOException {
        Map<String, Double> used = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> entry : pids.entrySet()) {
            double sum = 0;
            for (long pid : entry.getValue()) {
                sum += cpuSeconds(pid);
            }
            used.put(entry.getKey(), sum);
        }
        return used;
    }

    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** CPU time that all of this machine's processes used since its start, short-lived ones and the kernel included. */
    static double machineCpuSeconds() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
        // cpu user nice system idle iowait irq softirq …
        return (Long.parseLong(fields[1])
                        + Long.parseLong(fields[2])
                        + Long.parseLong(fields[3])
                        + Long.parseLong(fields[6])
                        + Long.parseLong(fields[7]))
                / TICKS_PER_SECOND;
    }

    /** What was used since then, in milliseconds for each of so many operations. */
    Map<String, Double> cpuMillisPer(long operations, Map<String, Double> before) throws IOException {
        Map<String, Double> used = new LinkedHashMap<>();
        cpuSeconds()
                .forEach((name, now) ->
                        used.put("cpuMillis." + name, (now - before.get(name)) * 1e3 / Math.max(1, operations)));
        return used;
    }

    /** Proportional set size in MB; resident size where the kernel does not tell. */
    Map<String, Double> pssMegabytes() throws IOException {
        Map<String, Double> sizes = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> entry : pids.entrySet()) {
            double sum = 0;
            for (long pid : entry.getValue()) {
                Path rollup = Path.of("/proc/" + pid + "/smaps_rollup");
                sum += Files.isReadable(rollup)
                        ? kilobytes(rollup, "Pss:")
                        : kilobytes(Path.of("/proc/" + pid + "/status"), "VmRSS:");
            }
            sizes.put(entry.getKey(), sum / 1024);
        }
        return sizes;
    }

    /** Resident set size in MB. */
    Map<String, Double> rssMegabytes() throws IOException {
        Map<String, Double> sizes = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> entry : pids.entrySet()) {
            double sum = 0;
            for (long pid : entry.getValue()) {
                sum += kilobytes(Path.of("/proc/" + pid + "/status"), "VmRSS:");
            }
            sizes.put(entry.getKey(), sum / 1024);
        }
        return sizes;
    }

    private static double kilobytes(Path file, String key) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(key)) {
                return Double.parseDouble(
                        line.substring(key.length()).replace("kB", "").strip());
            }
        }
        return 0;
    }
}

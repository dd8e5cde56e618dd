package io.jollyboat.kubelet.cri;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a simulated container does: {@code sleep N}, {@code true}, {@code false}, {@code exit N}, one after another, also
 * within {@code sh -c "a; b"}; {@code echo …} says something; anything else runs until it is stopped.
 *
 * @param runsFor null: until it is stopped
 */
record SimulatedProgram(Duration runsFor, int exitCode, String output) {
    private static final SimulatedProgram FOREVER = new SimulatedProgram(null, 0, "");
    private static final Pattern STEP = Pattern.compile("(sleep|exit|true|false|echo)(?: +(.*))?");

    static SimulatedProgram parse(List<String> command) {
        if (command.isEmpty()) {
            return FOREVER;
        }
        boolean shell = command.size() == 3
                && command.getFirst().endsWith("sh")
                && command.get(1).equals("-c");
        String line = shell ? command.getLast() : String.join(" ", command);
        List<String> steps = new ArrayList<>();
        for (String step : line.split(";|&&")) {
            steps.add(step.strip());
        }
        Duration runsFor = Duration.ZERO;
        int exitCode = 0;
        StringBuilder output = new StringBuilder();
        for (String step : steps) {
            Matcher m = STEP.matcher(step.replaceFirst("^/bin/", ""));
            if (!m.matches()) {
                return FOREVER;
            }
            String argument = m.group(2) == null ? "" : m.group(2).strip();
            try {
                switch (m.group(1)) {
                    case "sleep" -> runsFor = runsFor.plusMillis((long) (Double.parseDouble(argument) * 1000));
                    case "true" -> exitCode = 0;
                    case "false" -> exitCode = 1;
                    case "echo" -> output.append(argument).append('\n');
                    default -> {
                        return new SimulatedProgram(runsFor, Integer.parseInt(argument), output.toString());
                    }
                }
            } catch (NumberFormatException e) {
                return FOREVER;
            }
        }
        return new SimulatedProgram(runsFor, exitCode, output.toString());
    }
}

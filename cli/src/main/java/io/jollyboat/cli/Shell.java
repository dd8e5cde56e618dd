package io.jollyboat.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs other programs to their end. */
final class Shell {
    private Shell() {}

    /** @param output standard output and error together, trailing white space removed */
    record Result(int code, String output) {}

    /** Runs a program with nothing on its standard input; a missing program is a CliException. */
    static Result run(List<String> command, Map<String, String> environment, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            throw new CliException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while running " + command.getFirst(), e);
        }
    }

    static Result run(String... command) {
        return run(List.of(command), Map.of(), "");
    }

    /** Runs a program that must succeed; its output becomes the error otherwise. */
    static String must(String... command) {
        return mustWithInput("", command);
    }

    static String mustWithInput(String input, String... command) {
        Result result = run(List.of(command), Map.of(), input);
        if (result.code() != 0) {
            throw new CliException(String.join(" ", command) + " failed: " + result.output());
        }
        return result.output();
    }

    static UncheckedIOException unchecked(IOException e) {
        return new UncheckedIOException(e);
    }
}

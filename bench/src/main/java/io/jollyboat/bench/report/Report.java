package io.jollyboat.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Collects figures. */
public final class Report {
    private final Optional<Path> jsonFile;
    private final PrintStream out;
    private final List<Figure> figures = new ArrayList<>();

    /** @param jsonFile where JSON lines are appended; empty: to {@code out} */
    public Report(Optional<Path> jsonFile, PrintStream out) {
        this.jsonFile = jsonFile;
        this.out = out;
    }

    public void add(Figure figure) throws IOException {
        figures.add(figure);
        if (jsonFile.isPresent()) {
            Files.writeString(
                    jsonFile.get(),
                    figure.json() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            out.println(row(figure));
        } else {
            out.println(figure.json());
        }
    }

    /** All figures, one a line. */
    public void printTable() {
        out.println();
        figures.forEach(figure -> out.println(row(figure)));
    }

    private static String row(Figure figure) {
        String details = figure.details().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
        String extra = figure.extra().entrySet().stream()
                .map(e -> e.getKey() + "=" + Figure.number(e.getValue()))
                .collect(Collectors.joining("  "));
        return String.format(
                Locale.ROOT,
                "%-24s %-34s %10s %-5s %s",
                figure.name(),
                details,
                Figure.number(figure.value()),
                figure.unit(),
                extra);
    }
}

package io.jollyboat.apiserver.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What {@code /livez}, {@code /readyz} and {@code /healthz} ask. Thread-safe once built. */
public final class HealthChecks {
    private final Map<String, Supplier<Optional<String>>> live = new LinkedHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new LinkedHashMap<>();
    private final AtomicBoolean shuttingDown = new AtomicBoolean();

    public HealthChecks() {
        live.put("ping", Optional::empty);
        ready.put("shutdown", () -> shuttingDown.get() ? Optional.of("process is shutting down") : Optional.empty());
    }

    /** @param check empty when all is well, else why not */
    public HealthChecks live(String name, Supplier<Optional<String>> check) {
        live.put(name, check);
        return this;
    }

    public HealthChecks ready(String name, Supplier<Optional<String>> check) {
        ready.put(name, check);
        return this;
    }

    /** Why a check of readiness fails; empty when it does not. */
    Optional<String> failure(String name) {
        return ready.get(name).get();
    }

    /** From here on the server is not ready. */
    public void shuttingDown() {
        shuttingDown.set(true);
    }

    /** Whether all checks hold. */
    public boolean isReady() {
        return checks("readyz").values().stream().allMatch(check -> check.get().isEmpty());
    }

    private Map<String, Supplier<Optional<String>>> checks(String endpoint) {
        Map<String, Supplier<Optional<String>>> all = new LinkedHashMap<>(live);
        if (endpoint.equals("readyz")) {
            all.putAll(ready);
        }
        return all;
    }

    /**
     * @param endpoint {@code livez}, {@code readyz} or {@code healthz}
     * @param single the one check asked for, empty for all
     */
    Reply answer(String endpoint, String single, boolean verbose, Set<String> excluded) {
        Map<String, Supplier<Optional<String>>> checks = checks(endpoint);
        if (!single.isEmpty()) {
            Supplier<Optional<String>> check = checks.get(single);
            if (check == null) {
                return PlainReply.NOT_FOUND;
            }
            return check.get()
                    .map(why -> Reply.text(500, "internal server error: " + why + "\n"))
                    .orElse(Reply.text(200, "ok"));
        }
        List<String> lines = new ArrayList<>();
        boolean failed = false;
        Set<String> unknown = new TreeSet<>(excluded);
        for (Map.Entry<String, Supplier<Optional<String>>> check : checks.entrySet()) {
            if (unknown.remove(check.getKey())) {
                lines.add("[+]" + check.getKey() + " excluded: ok\n");
                continue;
            }
            Optional<String> why = check.getValue().get();
            failed |= why.isPresent();
            lines.add(why.map(text -> "[-]" + check.getKey() + " failed: " + text + "\n")
                    .orElse("[+]" + check.getKey() + " ok\n"));
        }
        if (!unknown.isEmpty()) {
            lines.add("warn: some health checks cannot be excluded: no matches for \"" + String.join("\",\"", unknown)
                    + "\"\n");
        }
        String text = String.join("", lines) + endpoint + " check " + (failed ? "failed" : "passed") + "\n";
        if (failed) {
            return Reply.text(500, text);
        }
        return Reply.text(200, verbose ? text : "ok");
    }
}

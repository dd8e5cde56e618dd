package io.jollyboat.proxy.nftables;

import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.log.Log;
import io.jollyboat.proxy.linux.NftGeneration;
import io.jollyboat.proxy.rules.RuleSet;
import io.jollyboat.proxy.rules.RulesBackend;
import io.jollyboat.proxy.rules.ServiceRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps Service rules in one nftables table of the process's network namespace. */
public final class NftablesBackend implements RulesBackend, AutoCloseable {
    private static final Log LOG = Log.of(NftablesBackend.class);
    /** Elements in one command: enough to make its overhead small, few enough for error messages. */
    private static final int BATCH = 500;

    private static final long UNKNOWN = -1;

    private final NftRunner nft;
    private final TableLayout layout;
    private final ElementTable elements = new ElementTable();
    private final Set<String> chains = new HashSet<>();
    private long generation = UNKNOWN;

    /** Uses the library where it is installed, else the command. */
    public static NftablesBackend open(NftablesConfig config) {
        return new NftablesBackend(runner(), config);
    }

    NftablesBackend(NftRunner nft, NftablesConfig config) {
        this.nft = nft;
        this.layout = new TableLayout(config);
    }

    private static NftRunner runner() {
        try {
            return NftLibrary.load();
        } catch (IllegalArgumentException e) {
            LOG.info("libnftables is not installed, the nft command is used", "reason", e.getMessage());
            return new NftCommand();
        }
    }

    @Override
    public void replace(RuleSet rules) throws IOException {
        elements.clear();
        chains.clear();
        StringBuilder body = new StringBuilder();
        change(rules.services(), body);
        StringBuilder script = new StringBuilder();
        layout.declare(script);
        script.append(body);
        try {
            commit(script.toString(), true);
        } catch (IOException e) {
            LOG.warn("the table of an earlier run is not usable and is made anew", "reason", e.getMessage());
            commit("add table " + layout.table() + "\ndelete table " + layout.table() + "\n" + script, true);
        }
    }

    @Override
    public void update(Map<ObjectKey, ServiceRules> changes) throws IOException {
        StringBuilder script = new StringBuilder();
        change(changes, script);
        if (!script.isEmpty()) {
            commit(script.toString(), false);
        }
    }

    private void change(Map<ObjectKey, ServiceRules> changes, StringBuilder script) {
        ElementTable.Difference difference = new ElementTable.Difference();
        changes.forEach((key, rules) -> {
            ServiceElements compiled = ServiceElements.of(rules, layout);
            for (Map.Entry<String, List<String>> chain : compiled.chains().entrySet()) {
                if (chains.add(chain.getKey())) {
                    layout.chain(script, chain.getKey(), "", chain.getValue());
                }
            }
            elements.put(key, compiled.elements(), difference);
        });
        commands(script, "delete", difference.removed(), true);
        commands(script, "add", difference.added(), false);
    }

    private void commands(StringBuilder script, String verb, List<Element> changed, boolean keysOnly) {
        Map<NftSet, List<Element>> bySet = new EnumMap<>(NftSet.class);
        for (Element element : changed) {
            bySet.computeIfAbsent(element.slot().set(), k -> new ArrayList<>()).add(element);
        }
        bySet.forEach((set, list) -> {
            for (int from = 0; from < list.size(); from += BATCH) {
                script.append(verb).append(" element ").append(layout.table()).append(' ');
                script.append(set.setName()).append(" { ");
                list.subList(from, Math.min(from + BATCH, list.size()))
                        .forEach(e -> script.append(keysOnly ? e.slot().key() : e.text())
                                .append(", "));
                script.append("}\n");
            }
        });
    }

    /** @param whole the script sets everything, so that what others did before it does not count */
    private void commit(String script, boolean whole) throws IOException {
        long before = NftGeneration.current();
        nft.run(script);
        long after = NftGeneration.current();
        boolean ours = after == before + 1 && (whole || before == generation);
        generation = ours ? after : UNKNOWN;
    }

    @Override
    public boolean disturbed() throws IOException {
        return NftGeneration.current() != generation;
    }

    @Override
    public void remove() throws IOException {
        nft.run("add table " + layout.table() + "\ndelete table " + layout.table() + "\n");
        elements.clear();
        chains.clear();
    }

    @Override
    public void close() {
        nft.close();
    }
}

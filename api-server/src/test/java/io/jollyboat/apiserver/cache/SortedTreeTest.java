package io.jollyboat.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.Seeds;
import io.jollyboat.kinds.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against java.util's map, with every version kept. */
final class SortedTreeTest {
    private static final StoredResource RESOURCE = BuiltInResources.of(Kinds.of(ConfigMap.class));

    @Test
    void behavesAsASortedMapAndKeepsItsPast() {
        Seeds.each(60, SortedTreeTest::compareWithModel);
    }

    private static void compareWithModel(Random random) {
        TreeMap<String, Entry> model = new TreeMap<>();
        SortedTree tree = null;
        List<SortedTree> pastTrees = new ArrayList<>();
        List<Map<String, Entry>> pastModels = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String key = "ns" + random.nextInt(3) + (random.nextBoolean() ? "-x" : "") + "/" + random.nextInt(60);
            if (random.nextInt(3) == 0) {
                tree = SortedTree.remove(tree, key);
                model.remove(key);
            } else {
                Entry entry = entry(key, i + 1);
                tree = SortedTree.put(tree, entry);
                model.put(key, entry);
            }
            if (i % 20 == 0) {
                pastTrees.add(tree);
                pastModels.add(new TreeMap<>(model));
            }
        }
        for (int i = 0; i < pastTrees.size(); i++) {
            assertThat(entries(pastTrees.get(i)))
                    .containsExactlyElementsOf(pastModels.get(i).values());
        }
        assertThat(entries(SortedTree.of(List.copyOf(model.values())))).containsExactlyElementsOf(model.values());
        checkViews(new TreeView(1, tree), model);
    }

    private static void checkViews(CacheView view, Map<String, Entry> model) {
        for (String namespace : List.of("", "ns0", "ns1", "ns0-x", "absent")) {
            List<Entry> expected = model.values().stream()
                    .filter(e -> namespace.isEmpty() || e.namespace().equals(namespace))
                    .toList();
            assertThat(view.list(namespace)).containsExactlyElementsOf(expected);
            List<Entry> paged = new ArrayList<>();
            String start = "";
            do {
                CacheView.Page page = view.page(namespace, start, 7, e -> true);
                paged.addAll(page.entries());
                assertThat(page.remaining()).isEqualTo(expected.size() - paged.size());
                start = page.nextKey();
            } while (!start.isEmpty());
            assertThat(paged).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void staysBalanced() {
        Seeds.each(20, SortedTreeTest::checkDepth);
    }

    private static void checkDepth(Random random) {
        SortedTree tree = null;
        for (int i = 0; i < 4_096; i++) {
            tree = SortedTree.put(tree, entry(String.format("ns/%05d", i), i + 1));
        }
        for (int i = 0; i < 2_048; i++) {
            tree = SortedTree.remove(tree, String.format("ns/%05d", random.nextInt(4_096)));
        }
        assertThat(SortedTree.depth(tree)).isLessThan(26);
    }

    private static List<Entry> entries(SortedTree tree) {
        List<Entry> entries = new ArrayList<>();
        SortedTree.forEach(tree, entries::add);
        return entries;
    }

    private static Entry entry(String key, long revision) {
        return Entry.of(RESOURCE, key, ByteString.EMPTY, ConfigMap.getDefaultInstance(), revision, revision);
    }
}

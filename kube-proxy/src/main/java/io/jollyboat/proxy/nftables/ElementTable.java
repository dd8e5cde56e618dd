package io.jollyboat.proxy.nftables;

import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.proxy.nftables.Element.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which elements are in the kernel, and for whom. Two Services may want one element (an external address twice, one pod
 * behind both): the first has it until it goes, then the next in line.
 */
final class ElementTable {
    private final Map<Slot, Holder> held = new HashMap<>();
    private final Map<ObjectKey, List<Element>> wanted = new HashMap<>();
    /** Those in line, for the few contested slots. */
    private final Map<Slot, List<Holder>> waiting = new HashMap<>();

    /** Notes what a Service wants now, and adds what must change to the difference. */
    void put(ObjectKey owner, List<Element> elements, Difference difference) {
        List<Element> before = wanted.getOrDefault(owner, List.of());
        if (before.equals(elements)) {
            return;
        }
        Map<Slot, Element> next = new LinkedHashMap<>();
        elements.forEach(e -> next.put(e.slot(), e));
        for (Element old : before) {
            if (!old.equals(next.get(old.slot()))) {
                release(owner, old, difference);
            }
        }
        Set<Element> kept = new HashSet<>(before);
        for (Element element : elements) {
            if (!kept.contains(element)) {
                claim(owner, element, difference);
            }
        }
        if (elements.isEmpty()) {
            wanted.remove(owner);
        } else {
            wanted.put(owner, elements);
        }
    }

    private void claim(ObjectKey owner, Element element, Difference difference) {
        Slot slot = element.slot();
        Holder mine = new Holder(owner, element);
        Holder present = held.get(slot);
        if (present == null) {
            held.put(slot, mine);
            difference.add(element);
        } else {
            waiting.computeIfAbsent(slot, k -> new ArrayList<>()).add(mine);
        }
    }

    private void release(ObjectKey owner, Element element, Difference difference) {
        Slot slot = element.slot();
        List<Holder> line = waiting.getOrDefault(slot, new ArrayList<>());
        Holder present = held.get(slot);
        if (!present.owner().equals(owner)) {
            line.removeIf(h -> h.owner().equals(owner));
        } else if (line.isEmpty()) {
            held.remove(slot);
            difference.remove(element);
        } else {
            line.sort(Comparator.comparing(Holder::owner));
            Holder next = line.removeFirst();
            held.put(slot, next);
            difference.remove(element);
            difference.add(next.element());
        }
        if (line.isEmpty()) {
            waiting.remove(slot);
        }
    }

    void clear() {
        held.clear();
        wanted.clear();
        waiting.clear();
    }

    private record Holder(ObjectKey owner, Element element) {}

    /** What one transaction changes. */
    static final class Difference {
        private final Map<Slot, Element> removed = new LinkedHashMap<>();
        private final Map<Slot, Element> added = new LinkedHashMap<>();

        void remove(Element element) {
            Slot slot = element.slot();
            // Added a moment ago by another owner's change: was never in the kernel.
            if (added.remove(slot) == null) {
                removed.put(slot, element);
            }
        }

        void add(Element element) {
            Slot slot = element.slot();
            if (element.equals(removed.get(slot))) {
                removed.remove(slot);
            } else {
                added.put(slot, element);
            }
        }

        List<Element> removed() {
            return List.copyOf(removed.values());
        }

        List<Element> added() {
            return List.copyOf(added.values());
        }
    }
}

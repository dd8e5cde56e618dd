package io.jollyboat.apiserver.managed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A set of paths, as a tree: each step may be a member, have children that are, or both. Steps stand in order. Grows only
 * while it is built; shared and immutable from then on.
 */
@SuppressWarnings("ReferenceEquality") // parts that are shared need not be looked into
final class FieldSet {
    static final FieldSet EMPTY = new FieldSet(0);

    private Step[] steps;
    private boolean[] members;
    /** Null for none; never empty. */
    private FieldSet[] children;

    private int size;
    private boolean sorted = true;

    FieldSet() {
        this(4);
    }

    private FieldSet(int capacity) {
        steps = new Step[capacity];
        members = new boolean[capacity];
        children = new FieldSet[capacity];
    }

    /** Of one path through fields. */
    static FieldSet ofPath(String... names) {
        FieldSet set = new FieldSet(1);
        set.addPath(names);
        return set;
    }

    static FieldSet of(FieldSet... sets) {
        FieldSet all = EMPTY;
        for (FieldSet set : sets) {
            all = all.union(set);
        }
        return all;
    }

    private void addPath(String... names) {
        FieldSet at = this;
        for (int i = 0; i < names.length - 1; i++) {
            at = at.child(Step.field(names[i]));
        }
        at.add(Step.field(names[names.length - 1]));
    }

    // Building

    /** Makes the step a member. */
    void add(Step step) {
        int place = place(step); // may replace the arrays
        members[place] = true;
    }

    /** The set below the step, to which something must be added. */
    FieldSet child(Step step) {
        int place = place(step);
        if (children[place] == null) {
            children[place] = new FieldSet();
        }
        return children[place];
    }

    /** A step that was read: it is a member where nothing lies below it. */
    void put(Step step, boolean member, FieldSet below) {
        int place = place(step);
        members[place] |= member;
        if (!below.isEmpty()) {
            children[place] = union(children[place], below.finished());
        }
    }

    /** Paths come mostly in order, one subtree after the other. */
    private int place(Step step) {
        if (size > 0) {
            int order = steps[size - 1].compareTo(step);
            if (order == 0) {
                return size - 1;
            }
            sorted &= order < 0;
        }
        append(step, false, null);
        return size - 1;
    }

    private void append(Step step, boolean member, FieldSet child) {
        if (size == steps.length) {
            int capacity = Math.max(4, 2 * size);
            steps = Arrays.copyOf(steps, capacity);
            members = Arrays.copyOf(members, capacity);
            children = Arrays.copyOf(children, capacity);
        }
        steps[size] = step;
        members[size] = member;
        children[size++] = child;
    }

    /** Ends the building. */
    FieldSet finished() {
        for (int i = 0; i < size; i++) {
            if (children[i] != null) {
                children[i] = children[i].finished();
            }
        }
        if (sorted) {
            return this;
        }
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> steps[a].compareTo(steps[b]));
        FieldSet result = new FieldSet(size);
        for (int i : order) {
            int last = result.size - 1;
            if (last >= 0 && result.steps[last].compareTo(steps[i]) == 0) {
                result.members[last] |= members[i];
                result.children[last] = union(result.children[last], children[i]);
            } else {
                result.append(steps[i], members[i], children[i]);
            }
        }
        return result;
    }

    // Reading

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    Step step(int place) {
        return steps[place];
    }

    boolean isMember(int place) {
        return members[place];
    }

    /** Null for none. */
    FieldSet childAt(int place) {
        return children[place];
    }

    /** Negative when there is no such step. */
    int find(Step step) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = steps[middle].compareTo(step);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    boolean has(List<Step> path) {
        FieldSet at = this;
        for (int i = 0; at != null; i++) {
            int place = at.find(path.get(i));
            if (place < 0) {
                return false;
            }
            if (i == path.size() - 1) {
                return at.members[place];
            }
            at = at.children[place];
        }
        return false;
    }

    /** Each path; members of a level before what lies deeper. */
    void forEach(Consumer<List<Step>> visitor) {
        visit(List.of(), visitor);
    }

    private void visit(List<Step> prefix, Consumer<List<Step>> visitor) {
        for (int i = 0; i < size; i++) {
            if (members[i]) {
                visitor.accept(joined(prefix, steps[i]));
            }
        }
        for (int i = 0; i < size; i++) {
            if (children[i] != null) {
                children[i].visit(joined(prefix, steps[i]), visitor);
            }
        }
    }

    private static List<Step> joined(List<Step> prefix, Step step) {
        List<Step> path = new ArrayList<>(prefix.size() + 1);
        path.addAll(prefix);
        path.add(step);
        return path;
    }

    // Algebra

    FieldSet union(FieldSet other) {
        if (other.size == 0 || other == this) {
            return this;
        }
        if (size == 0) {
            return other;
        }
        FieldSet result = new FieldSet(Math.max(size, other.size));
        int i = 0;
        int j = 0;
        while (i < size || j < other.size) {
            int order = i == size ? 1 : j == other.size ? -1 : steps[i].compareTo(other.steps[j]);
            if (order < 0) {
                result.append(steps[i], members[i], children[i]);
                i++;
            } else if (order > 0) {
                result.append(other.steps[j], other.members[j], other.children[j]);
                j++;
            } else {
                result.append(steps[i], members[i] || other.members[j], union(children[i], other.children[j]));
                i++;
                j++;
            }
        }
        return result;
    }

    private static FieldSet union(FieldSet a, FieldSet b) {
        return a == null ? b : b == null ? a : a.union(b);
    }

    FieldSet intersection(FieldSet other) {
        FieldSet result = EMPTY;
        int i = 0;
        int j = 0;
        while (i < size && j < other.size) {
            int order = steps[i].compareTo(other.steps[j]);
            if (order < 0) {
                i++;
            } else if (order > 0) {
                j++;
            } else {
                boolean member = members[i] && other.members[j];
                FieldSet child = children[i] == null || other.children[j] == null
                        ? EMPTY
                        : children[i].intersection(other.children[j]);
                if (member || !child.isEmpty()) {
                    result = result == EMPTY ? new FieldSet() : result;
                    result.append(steps[i], member, child.isEmpty() ? null : child);
                }
                i++;
                j++;
            }
        }
        return result;
    }

    /** Without the members of the other set; what lies below such a member stays. */
    FieldSet difference(FieldSet other) {
        return minus(other, false);
    }

    /** Without the members of the other set and what lies below them. */
    FieldSet recursiveDifference(FieldSet other) {
        return minus(other, true);
    }

    private FieldSet minus(FieldSet other, boolean recursive) {
        if (other.size == 0 || size == 0) {
            return this;
        }
        FieldSet result = null;
        int j = 0;
        for (int i = 0; i < size; i++) {
            int order = -1;
            while (j < other.size) {
                order = steps[i].compareTo(other.steps[j]);
                if (order <= 0) {
                    break;
                }
                j++;
                order = -1;
            }
            boolean member = members[i];
            FieldSet child = children[i];
            if (order == 0) {
                member &= !other.members[j];
                if (recursive && other.members[j]) {
                    child = null;
                } else if (child != null && other.children[j] != null) {
                    child = child.minus(other.children[j], recursive);
                    child = child.isEmpty() ? null : child;
                }
            }
            if (result == null) {
                if (member == members[i] && child == children[i]) {
                    continue;
                }
                result = new FieldSet(size);
                for (int k = 0; k < i; k++) {
                    result.append(steps[k], members[k], children[k]);
                }
            }
            if (member || child != null) {
                result.append(steps[i], member, child);
            }
        }
        return result == null ? this : result.size == 0 ? EMPTY : result;
    }

    /** With the declared fields on the way to members as members; what maps and lists hold is not declared. */
    FieldSet withDeclaredFields(FieldType type) {
        FieldSet result = new FieldSet(size);
        for (int i = 0; i < size; i++) {
            FieldSet child = children[i];
            boolean member = members[i];
            if (child != null) {
                member |= type != null && type.declares(steps[i]);
                child = child.withDeclaredFields(type == null ? null : type.below(steps[i]));
            }
            result.append(steps[i], member, child);
        }
        return result;
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof FieldSet set) || set.size != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (members[i] != set.members[i] || steps[i].compareTo(set.steps[i]) != 0) {
                return false;
            }
            FieldSet a = children[i];
            FieldSet b = set.children[i];
            if (a != b && (a == null || !a.equals(b))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = size;
        for (int i = 0; i < size; i++) {
            hash = 31 * hash + steps[i].hashCode() + (members[i] ? 1 : 0);
            hash = 31 * hash + (children[i] == null ? 0 : children[i].hashCode());
        }
        return hash;
    }

    @Override
    public String toString() {
        List<String> paths = new ArrayList<>();
        forEach(path -> paths.add(shown(path)));
        return paths.toString();
    }

    /** As conflicts show a path. */
    static String shown(List<Step> path) {
        StringBuilder out = new StringBuilder();
        path.forEach(out::append);
        return out.toString();
    }
}

package io.jollyboat.apiserver.cache;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A persistent map of entries in the order of their keys: a weight-balanced tree of immutable nodes, so that every
 * version of it stays as it was, and neighbours share all but the path to what changed. Null is the empty tree.
 */
final class SortedTree {
    /** A side may outweigh the other so many times; see Hirai and Yamamoto, Balancing weight-balanced trees. */
    private static final int MAX_RATIO = 3;

    private static final int SINGLE_ROTATION_RATIO = 2;

    private final Entry entry;
    private final SortedTree left;
    private final SortedTree right;
    private final int size;

    private SortedTree(Entry entry, SortedTree left, SortedTree right) {
        this.entry = entry;
        this.left = left;
        this.right = right;
        this.size = size(left) + size(right) + 1;
    }

    static int size(SortedTree tree) {
        return tree == null ? 0 : tree.size;
    }

    static Entry get(SortedTree tree, String key) {
        SortedTree at = tree;
        while (at != null) {
            int order = key.compareTo(at.entry.key());
            if (order == 0) {
                return at.entry;
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    static SortedTree put(SortedTree tree, Entry entry) {
        if (tree == null) {
            return node(entry, null, null);
        }
        int order = entry.key().compareTo(tree.entry.key());
        if (order == 0) {
            return node(entry, tree.left, tree.right);
        }
        return order < 0
                ? balance(tree.entry, put(tree.left, entry), tree.right)
                : balance(tree.entry, tree.left, put(tree.right, entry));
    }

    static SortedTree remove(SortedTree tree, String key) {
        if (tree == null) {
            return null;
        }
        int order = key.compareTo(tree.entry.key());
        if (order < 0) {
            SortedTree left = remove(tree.left, key);
            return left == tree.left ? tree : balance(tree.entry, left, tree.right);
        }
        if (order > 0) {
            SortedTree right = remove(tree.right, key);
            return right == tree.right ? tree : balance(tree.entry, tree.left, right);
        }
        if (tree.left == null || tree.right == null) {
            return tree.left == null ? tree.right : tree.left;
        }
        Entry next = first(tree.right);
        return balance(next, tree.left, remove(tree.right, next.key()));
    }

    /** @param sorted by key, without duplicates */
    static SortedTree of(List<Entry> sorted) {
        if (sorted.isEmpty()) {
            return null;
        }
        int middle = sorted.size() / 2;
        return node(sorted.get(middle), of(sorted.subList(0, middle)), of(sorted.subList(middle + 1, sorted.size())));
    }

    /** How many keys are smaller. */
    static int rank(SortedTree tree, String key) {
        int smaller = 0;
        SortedTree at = tree;
        while (at != null) {
            if (key.compareTo(at.entry.key()) <= 0) {
                at = at.left;
            } else {
                smaller += size(at.left) + 1;
                at = at.right;
            }
        }
        return smaller;
    }

    /** Visits in order from the key on, until the visitor returns false. Returns whether it never did. */
    static boolean visit(SortedTree tree, String from, Predicate<Entry> visitor) {
        if (tree == null) {
            return true;
        }
        if (from.compareTo(tree.entry.key()) > 0) {
            return visit(tree.right, from, visitor);
        }
        return visit(tree.left, from, visitor) && visitor.test(tree.entry) && visitAll(tree.right, visitor);
    }

    static void forEach(SortedTree tree, Consumer<Entry> visitor) {
        visitAll(tree, entry -> {
            visitor.accept(entry);
            return true;
        });
    }

    static int depth(SortedTree tree) {
        return tree == null ? 0 : 1 + Math.max(depth(tree.left), depth(tree.right));
    }

    private static boolean visitAll(SortedTree tree, Predicate<Entry> visitor) {
        return tree == null
                || (visitAll(tree.left, visitor) && visitor.test(tree.entry) && visitAll(tree.right, visitor));
    }

    private static Entry first(SortedTree tree) {
        SortedTree at = tree;
        while (at.left != null) {
            at = at.left;
        }
        return at.entry;
    }

    private static SortedTree node(Entry entry, SortedTree left, SortedTree right) {
        return new SortedTree(entry, left, right);
    }

    private static SortedTree balance(Entry entry, SortedTree left, SortedTree right) {
        int leftWeight = size(left) + 1;
        int rightWeight = size(right) + 1;
        if (rightWeight > MAX_RATIO * leftWeight) {
            return size(right.left) + 1 < SINGLE_ROTATION_RATIO * (size(right.right) + 1)
                    ? node(right.entry, node(entry, left, right.left), right.right)
                    : node(
                            right.left.entry,
                            node(entry, left, right.left.left),
                            node(right.entry, right.left.right, right.right));
        }
        if (leftWeight > MAX_RATIO * rightWeight) {
            return size(left.right) + 1 < SINGLE_ROTATION_RATIO * (size(left.left) + 1)
                    ? node(left.entry, left.left, node(entry, left.right, right))
                    : node(
                            left.right.entry,
                            node(left.entry, left.left, left.right.left),
                            node(entry, left.right.right, right));
        }
        return node(entry, left, right);
    }
}

package io.jollyboat.apiserver.managed;

/** In what two objects differ. No path is in two of the sets; all are empty for equal objects. */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {
    static final Comparison SAME = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);

    boolean isSame() {
        return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
    }

    Comparison filtered(FieldFilter filter) {
        return isSame() ? this : new Comparison(filter.apply(removed), filter.apply(modified), filter.apply(added));
    }

    /** A place in the two objects, and the differences below it. */
    static final class Place {
        private final Place parent;
        private final Step step;
        private final FieldSet[] below = new FieldSet[3];

        private Place(Place parent, Step step) {
            this.parent = parent;
            this.step = step;
        }

        static Place root() {
            return new Place(null, null);
        }

        Place at(Step next) {
            return new Place(this, next);
        }

        void removed(Step leaf) {
            set(0).add(leaf);
        }

        void modified(Step leaf) {
            set(1).add(leaf);
        }

        void added(Step leaf) {
            set(2).add(leaf);
        }

        /** This place itself; nobody owns the whole object. */
        void addedHere() {
            if (parent != null) {
                parent.added(step);
            }
        }

        void removedHere() {
            if (parent != null) {
                parent.removed(step);
            }
        }

        void modifiedHere() {
            if (parent != null) {
                parent.modified(step);
            }
        }

        private FieldSet set(int which) {
            FieldSet known = below[which];
            if (known == null) {
                known = parent == null ? new FieldSet() : parent.set(which).child(step);
                below[which] = known;
            }
            return known;
        }

        /** Of a root. */
        Comparison result() {
            return new Comparison(finished(0), finished(1), finished(2));
        }

        private FieldSet finished(int which) {
            return below[which] == null ? FieldSet.EMPTY : below[which].finished();
        }
    }
}

package io.jollyboat.selectors;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A field selector that is ready to match; no terms match everything. */
public record FieldMatcher(List<Term> terms) {
    /** One condition: a field equals a value, or does not. */
    public record Term(String field, String value, boolean negated) {
        @Override
        public String toString() {
            return field
                    + (negated ? "!=" : "=")
                    + value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
        }
    }

    static final FieldMatcher EVERYTHING = new FieldMatcher(List.of());

    /** @param fields gives a field's value; the empty string for one that is unset */
    public boolean matches(Function<String, String> fields) {
        for (Term term : terms) {
            if (term.value.equals(fields.apply(term.field)) == term.negated) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return terms.isEmpty();
    }

    /** The only value a field may have, where the selector says so: for indexes. */
    public Optional<String> exactValue(String field) {
        return terms.stream()
                .filter(term -> !term.negated && term.field.equals(field))
                .map(Term::value)
                .findFirst();
    }

    /** The text form, as in a URL. */
    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }
}

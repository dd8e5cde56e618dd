package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.cache.StoredResource;
import io.jollyboat.errors.ApiException;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.selectors.FieldMatcher;
import io.jollyboat.selectors.FieldSelectors;
import io.jollyboat.selectors.LabelMatcher;
import io.jollyboat.selectors.LabelSelectors;
import java.util.List;
import java.util.function.Predicate;

/**
 * The objects that a query's selectors choose.
 *
 * @param everything no selector at all
 * @param name the one name that may match, empty for any
 * @param indexName of the cache's index that narrows the choice, empty for none
 */
record Selection(Predicate<Entry> filter, boolean everything, String name, String indexName, String indexValue) {
    private static final Selection ALL = new Selection(entry -> true, true, "", "", "");

    /** 400 for selectors that cannot be read, and for fields that the kind does not have. */
    static Selection of(ResourceType<?> type, ListQuery query) {
        if (query.labelSelector().isEmpty() && query.fieldSelector().isEmpty()) {
            return ALL;
        }
        LabelMatcher labels;
        FieldMatcher fields;
        try {
            labels = LabelSelectors.parse(query.labelSelector());
            fields = resolved(type, FieldSelectors.parse(query.fieldSelector()));
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(e.getMessage());
        }
        String node = type.qualifiedResource().equals("pods")
                ? fields.exactValue(StoredResource.NODE_NAME).orElse("")
                : "";
        return new Selection(
                filter(type, labels, fields),
                labels.isEverything() && fields.isEverything(),
                fields.exactValue("metadata.name").orElse(""),
                node.isEmpty() ? "" : StoredResource.NODE_NAME,
                node);
    }

    private static Predicate<Entry> filter(ResourceType<?> type, LabelMatcher labels, FieldMatcher fields) {
        if (fields.isEverything()) {
            return entry -> labels.matches(entry.labels());
        }
        return entry ->
                labels.matches(entry.labels()) && fields.matches(path -> SelectableFields.value(type, entry, path));
    }

    /** With the fields' paths in the stored version. */
    private static FieldMatcher resolved(ResourceType<?> type, FieldMatcher fields) {
        List<FieldMatcher.Term> terms = fields.terms().stream()
                // Nothing equals nothing.
                .filter(term -> !(term.field().isEmpty() && term.value().isEmpty()))
                .map(term -> new FieldMatcher.Term(
                        SelectableFields.resolve(type, term.field()), term.value(), term.negated()))
                .toList();
        return new FieldMatcher(terms);
    }
}

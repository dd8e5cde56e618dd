package io.jollyboat.apiserver.rest;

import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.cache.Entry;
import io.jollyboat.apiserver.request.ListPage;
import io.jollyboat.kinds.ResourceType;

/** Objects as rows of a table, as kubectl shows them. */
public interface Tables {
    /** A list; or one object, as a page of one entry. */
    byte[] table(ResourceType<?> type, ListPage page, boolean single, String includeObject, Representation how);

    /** One object in a watch. */
    byte[] row(ResourceType<?> type, Entry entry, String includeObject, Representation how, boolean columns);

    /** A bookmark in a watch. */
    byte[] bookmark(ResourceType<?> type, ObjectMeta meta, Representation how);
}

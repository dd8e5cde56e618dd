package io.jollyboat.cel;

import tools.jackson.databind.JsonNode;

/** A value that is a view of a JSON tree. */
interface JsonBacked {

    JsonNode json();
}

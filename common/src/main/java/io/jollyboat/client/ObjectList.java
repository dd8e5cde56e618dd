package io.jollyboat.client;

import java.util.List;

/** Objects at one revision. */
public record ObjectList<T>(List<T> items, String resourceVersion) {}

package io.jollyboat.scheduler.framework;

import java.util.Set;

/** What a plugin says of a pod before it looks at nodes. */
public sealed interface PreFilterResult {
    PreFilterResult PROCEED = new Proceed();
    PreFilterResult SKIP = new Skip();

    record Proceed() implements PreFilterResult {}

    /** The plugin's filter has nothing to do for this pod. */
    record Skip() implements PreFilterResult {}

    /** Only these nodes come into question; the plugin's filter runs on them. */
    record OnlyNodes(Set<String> names) implements PreFilterResult {}

    /** The pod fits nowhere. */
    record Rejected(FilterResult.Unschedulable why) implements PreFilterResult {}
}

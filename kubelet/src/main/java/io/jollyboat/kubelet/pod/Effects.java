package io.jollyboat.kubelet.pod;

import java.util.ArrayList;
import java.util.List;

/** What one plan's actions did to the runtime, so that only that needs to be looked at. */
final class Effects {
    private final List<String> sandboxes = new ArrayList<>();
    private final List<String> containers = new ArrayList<>();
    private boolean unclear;

    /** A sandbox runs where there was none. */
    void ran(String sandboxId) {
        sandboxes.add(sandboxId);
    }

    /** A container was started that has no forerunner. */
    void started(String containerId) {
        containers.add(containerId);
    }

    /** Something else: only the runtime's lists tell what is there now. */
    void unclear() {
        unclear = true;
    }

    /** Nothing was changed: a new plan would be the same. */
    boolean none() {
        return !unclear && sandboxes.isEmpty() && containers.isEmpty();
    }

    /** All changes are known by id. */
    boolean known() {
        return !unclear;
    }

    /** Its containers come next, and with them a status that says more. */
    boolean onlySandbox() {
        return !unclear && containers.isEmpty() && !sandboxes.isEmpty();
    }

    List<String> sandboxes() {
        return sandboxes;
    }

    List<String> containers() {
        return containers;
    }
}

package io.jollyboat.proxy.sync;

import io.jollyboat.kinds.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/** What the loop has to look at. Informers add, the loop takes all at once. */
final class PendingChanges {
    private Set<ObjectKey> services = new HashSet<>();
    private boolean everything;
    private boolean routes;
    private boolean verify;
    private boolean closed;

    /**
     * One round's work.
     *
     * @param everything all rules anew
     * @param verify whether others changed the rules
     */
    record Round(Set<ObjectKey> services, boolean everything, boolean routes, boolean verify) {}

    synchronized void service(ObjectKey key) {
        services.add(key);
        notifyAll();
    }

    synchronized void everything() {
        everything = true;
        notifyAll();
    }

    synchronized void routes() {
        routes = true;
        notifyAll();
    }

    synchronized void verify() {
        verify = true;
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Waits for work; null when closed. */
    synchronized Round take() throws InterruptedException {
        while (!closed && services.isEmpty() && !everything && !routes && !verify) {
            wait();
        }
        if (closed) {
            return null;
        }
        Round round = new Round(services, everything, routes, verify);
        services = new HashSet<>();
        everything = false;
        routes = false;
        verify = false;
        return round;
    }
}

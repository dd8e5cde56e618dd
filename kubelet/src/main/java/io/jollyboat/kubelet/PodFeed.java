package io.jollyboat.kubelet;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.informer.Informer;

/** Where a node hears of its pods. */
interface PodFeed {
    void subscribe(Informer.ChangeHandler<Pod> handler);

    /** All of the node's pods were handed over. */
    boolean hasSynced();

    static PodFeed of(Informer<Pod> informer) {
        return new PodFeed() {
            @Override
            public void subscribe(Informer.ChangeHandler<Pod> handler) {
                informer.addHandler(handler);
            }

            @Override
            public boolean hasSynced() {
                return informer.hasSynced();
            }
        };
    }
}

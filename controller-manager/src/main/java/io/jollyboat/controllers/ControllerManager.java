package io.jollyboat.controllers;

import io.jollyboat.controller.LeaderElectionConfig;
import io.jollyboat.controller.LeaderElector;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;

/** All controllers over one connection, in a process of their own or embedded in another. */
public final class ControllerManager implements AutoCloseable {
    private static final Log LOG = Log.of(ControllerManager.class);

    private final Registration.Settings settings;
    private final ApiClients clients;
    private final Runtime runtime;
    private final Metrics metrics;
    private LeaderElector elector;
    private Term term;

    /** @param rootCa what pods are to verify the API server by, PEM */
    public ControllerManager(
            ControllerManagerConfig config, String rootCa, ApiClients clients, Runtime runtime, Metrics metrics) {
        this.settings = new Registration.Settings(config, rootCa);
        this.clients = clients;
        this.runtime = runtime;
        this.metrics = metrics;
    }

    public synchronized void start() {
        if (!settings.config().leaderElect()) {
            begin();
            return;
        }
        LeaderElectionConfig election = LeaderElectionConfig.of(
                "kube-controller-manager", settings.config().identity());
        elector = new LeaderElector(election, clients.own(), runtime, new LeaderElector.Listener() {
            @Override
            public void onElected() {
                LOG.info("elected leader", "identity", settings.config().identity());
                begin();
            }

            @Override
            public void onLost() {
                LOG.warn("no longer leader", "identity", settings.config().identity());
                end();
            }
        });
        elector.start();
    }

    /** Whether this manager's controllers work, or wait for another's to fail. */
    public synchronized boolean isActive() {
        return term != null;
    }

    /** Waits until the controllers' caches are filled; false when the time is over first. */
    public boolean awaitSync(Duration timeout) throws InterruptedException {
        Term current;
        synchronized (this) {
            current = term;
        }
        return current != null && current.informers().awaitSync(timeout);
    }

    private synchronized void begin() {
        term = new Term(settings, clients, runtime, metrics);
        term.start();
    }

    private synchronized void end() {
        if (term != null) {
            term.close();
            term = null;
        }
    }

    @Override
    public void close() {
        LeaderElector running;
        synchronized (this) {
            running = elector;
        }
        if (running != null) {
            running.close();
        }
        end();
    }
}

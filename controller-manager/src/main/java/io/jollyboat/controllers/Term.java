package io.jollyboat.controllers;

import io.jollyboat.client.ApiClient;
import io.jollyboat.controllers.base.Controller;
import io.jollyboat.controllers.base.ControllerContext;
import io.jollyboat.events.CoreEventRecorder;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;

/** The controllers from one election to the loss of the lead: they begin with fresh caches and end together. */
final class Term implements AutoCloseable {
    private final SharedInformers informers;
    private final List<CoreEventRecorder> recorders = new ArrayList<>();
    private final List<Controller> controllers = new ArrayList<>();

    Term(Registration.Settings settings, ApiClients clients, Runtime runtime, Metrics metrics) {
        this.informers = new SharedInformers(clients.own(), runtime);
        for (Registration registration : BuiltInControllers.CONTROLLERS) {
            if (settings.config().disabled().contains(registration.name())) {
                continue;
            }
            String account = registration.serviceAccount();
            ApiClient client = account.isEmpty() ? clients.own() : clients.as(account);
            CoreEventRecorder events = new CoreEventRecorder(client, registration.eventSource(), "", runtime);
            recorders.add(events);
            controllers.add(registration
                    .factory()
                    .create(new ControllerContext(client, informers, events, runtime, metrics), settings));
        }
    }

    void start() {
        recorders.forEach(CoreEventRecorder::start);
        informers.start();
        controllers.forEach(Controller::start);
    }

    SharedInformers informers() {
        return informers;
    }

    @Override
    public void close() {
        controllers.forEach(Controller::close);
        informers.close();
        recorders.forEach(CoreEventRecorder::close);
    }
}

package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadClient;
import io.jollyboat.bench.load.Requests;
import io.jollyboat.bench.report.Report;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What all measurements share.
 *
 * @param namespace ours alone; made and removed by the measurements
 * @param runs how often each figure is taken
 * @param seconds how long a run of a closed loop is
 * @param image a server on port 8080 that ends on SIGTERM, present on the nodes
 */
public record Bench(
        LoadClient client,
        Processes processes,
        Report report,
        String namespace,
        int runs,
        double seconds,
        String image) {
    private static final long CONTROLLER_NANOS = 5_000_000_000L;
    private static final long POLL_NANOS = 100_000_000L;

    Requests requests() {
        return client.requests();
    }

    /** {@code /api/v1/namespaces/NS/RESOURCE}. */
    String path(String resource) {
        return "/api/v1/namespaces/" + namespace + "/" + resource;
    }

    void createNamespace() throws IOException {
        LoadClient.Response made = client.call(requests()
                .post(
                        "/api/v1/namespaces",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + namespace
                                + "\"}}"));
        if (made.status() != 409) {
            made.orFail("creating namespace " + namespace);
            ensureServiceAccount();
        }
    }

    /** Pods need it; a bare API server has no controller that makes it. */
    private void ensureServiceAccount() throws IOException {
        long deadline = System.nanoTime() + CONTROLLER_NANOS;
        while (client.call(requests().get(path("serviceaccounts") + "/default")).status() != 200) {
            if (System.nanoTime() > deadline) {
                client.call(
                                requests()
                                        .post(
                                                path("serviceaccounts"),
                                                "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}"))
                        .orFail("creating the service account");
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Removes all objects of a kind in our namespace. */
    void clear(String resource) throws IOException {
        client.call(requests().delete(path(resource) + "?gracePeriodSeconds=0")).orFail("clearing " + resource);
    }

    /** Removes everything that was made. Waits for it, where a namespace controller does the work. */
    public void removeNamespace() throws IOException {
        String path = "/api/v1/namespaces/" + namespace;
        LoadClient.Response removed = client.call(requests().delete(path));
        if (removed.status() == 404) {
            return;
        }
        removed.orFail("removing namespace " + namespace);
        long deadline = System.nanoTime() + CONTROLLER_NANOS;
        while (client.call(requests().get(path)).status() != 404) {
            if (System.nanoTime() > deadline) {
                removeAlone(path);
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** There is no controller: a bare API server. */
    private void removeAlone(String path) throws IOException {
        for (String resource : List.of("configmaps", "pods", "services", "serviceaccounts")) {
            clear(resource);
        }
        client.call(requests()
                        .put(
                                path + "/finalize",
                                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + namespace
                                        + "\"},\"spec\":{\"finalizers\":[]}}"))
                .orFail("removing namespace " + namespace);
    }
}

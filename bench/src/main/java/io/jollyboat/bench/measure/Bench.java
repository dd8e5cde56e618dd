package io.jollyboat.bench.measure;

import io.jollyboat.bench.load.LoadClient;
import io.jollyboat.bench.load.Requests;
import io.jollyboat.bench.report.Report;
import java.io.IOException;

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
        }
    }

    /** Removes all objects of a kind in our namespace. */
    void clear(String resource) throws IOException {
        client.call(requests().delete(path(resource) + "?gracePeriodSeconds=0")).orFail("clearing " + resource);
    }

    /** Removes everything that was made. */
    public void removeNamespace() throws IOException {
        LoadClient.Response removed = client.call(requests().delete("/api/v1/namespaces/" + namespace));
        if (removed.status() != 404 && removed.status() != 409) {
            removed.orFail("removing namespace " + namespace);
        }
    }
}

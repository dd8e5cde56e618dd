package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.apiserver.admission.AdmissionMetrics.Timed;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.util.Arrays;
import java.util.List;

/** All plugins, in order. */
public final class AdmissionChain {
    private final List<Part> mutating;
    private final List<Part> deleting;
    private final List<Part> validating;
    private final Timed admit;
    private final Timed validate;

    /** A plugin, and the time that it takes. */
    private record Part(AdmissionPlugin plugin, Timed timed) {}

    public AdmissionChain(List<AdmissionPlugin> plugins, Metrics metrics, Runtime runtime) {
        AdmissionMetrics times = new AdmissionMetrics(metrics, runtime);
        this.mutating = parts(plugins, "mutate", times, AdmissionMetrics.ADMIT);
        this.deleting = parts(plugins, "beforeDeletion", times, AdmissionMetrics.ADMIT);
        this.validating = parts(plugins, "validate", times, AdmissionMetrics.VALIDATE);
        this.admit = times.step(AdmissionMetrics.ADMIT);
        this.validate = times.step(AdmissionMetrics.VALIDATE);
    }

    /** Those that do something of their own there. */
    private static List<Part> parts(List<AdmissionPlugin> plugins, String method, AdmissionMetrics times, String type) {
        return plugins.stream()
                .filter(plugin -> Arrays.stream(plugin.getClass().getMethods())
                        .anyMatch(one -> one.getName().equals(method)
                                && !one.getDeclaringClass().equals(AdmissionPlugin.class)))
                .map(plugin -> new Part(plugin, times.controller(plugin, type)))
                .toList();
    }

    /** The object completed; run twice where a plugin asks for it, never more often. */
    public Message mutate(AdmissionRequest request, Message object) {
        return admit.run(request.operation(), () -> {
            Message result = mutateOnce(request, object);
            return request.context().reinvoke() ? mutateOnce(request, result) : result;
        });
    }

    private Message mutateOnce(AdmissionRequest request, Message object) {
        Message result = object;
        for (Part part : mutating) {
            Message before = result;
            result = part.timed.run(request.operation(), () -> part.plugin.mutate(request, before));
        }
        return result;
    }

    public void validate(AdmissionRequest request, Message object) {
        validate.run(request.operation(), () -> {
            for (Part part : validating) {
                part.timed.run(request.operation(), () -> {
                    part.plugin.validate(request, object);
                    return null;
                });
            }
            return null;
        });
    }

    /** A deletion of the request's old object: those who complete are asked first, as always. */
    public void delete(AdmissionRequest request) {
        admit.run(request.operation(), () -> {
            for (Part part : deleting) {
                part.timed.run(request.operation(), () -> {
                    part.plugin.beforeDeletion(request);
                    return null;
                });
            }
            return null;
        });
        validate(request, null);
    }

    /** A connection to the request's subresource, with its options as object. */
    public void connect(AdmissionRequest request, Message options) {
        validate(request, mutate(request, options));
    }
}

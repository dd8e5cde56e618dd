package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import java.util.List;

/** All plugins, in order. */
public final class AdmissionChain {
    private final List<AdmissionPlugin> plugins;

    public AdmissionChain(List<AdmissionPlugin> plugins) {
        this.plugins = List.copyOf(plugins);
    }

    /** The object completed; run twice where a plugin asks for it, never more often. */
    public Message mutate(AdmissionRequest request, Message object) {
        Message result = mutateOnce(request, object);
        return request.context().reinvoke() ? mutateOnce(request, result) : result;
    }

    private Message mutateOnce(AdmissionRequest request, Message object) {
        Message result = object;
        for (AdmissionPlugin plugin : plugins) {
            result = plugin.mutate(request, result);
        }
        return result;
    }

    public void validate(AdmissionRequest request, Message object) {
        for (AdmissionPlugin plugin : plugins) {
            plugin.validate(request, object);
        }
    }

    /** A deletion of the request's old object: those who complete are asked first, as always. */
    public void delete(AdmissionRequest request) {
        for (AdmissionPlugin plugin : plugins) {
            plugin.beforeDeletion(request);
        }
        validate(request, null);
    }

    /** A connection to the request's subresource, with its options as object. */
    public void connect(AdmissionRequest request, Message options) {
        validate(request, mutate(request, options));
    }
}

package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import java.util.List;

/** All plugins, in order. */
public final class AdmissionChain {
    private final List<AdmissionPlugin> plugins;

    public AdmissionChain(List<AdmissionPlugin> plugins) {
        this.plugins = List.copyOf(plugins);
    }

    public Message mutate(AdmissionRequest request, Message object) {
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
}

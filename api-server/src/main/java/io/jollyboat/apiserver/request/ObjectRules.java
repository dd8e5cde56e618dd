package io.jollyboat.apiserver.request;

import com.google.protobuf.Message;
import io.jollyboat.errors.FieldError;
import io.jollyboat.kinds.ResourceType;
import java.util.List;

/** Defaults and validation of every kind, as the request path calls them. */
public interface ObjectRules {
    /** Fills in what the client left out. */
    Message withDefaults(ResourceType<?> type, Message object);

    List<FieldError> onCreate(ResourceType<?> type, Message object);

    /**
     * What the client should know although the object is valid.
     *
     * @param old null for a new object
     */
    List<String> warnings(Message object, Message old);

    /** @param subresource empty for the object itself */
    List<FieldError> onUpdate(ResourceType<?> type, Message object, Message old, String subresource);
}

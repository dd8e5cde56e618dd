package io.jollyboat.codec;

import com.google.protobuf.Message;
import java.util.List;

/**
 * A decoded object.
 *
 * @param apiVersion as the input says; empty where it says nothing
 * @param kind likewise
 * @param warnings one text per unknown or duplicate field, with {@link Strictness#WARN}
 */
public record Decoded<T extends Message>(T message, String apiVersion, String kind, List<String> warnings) {}

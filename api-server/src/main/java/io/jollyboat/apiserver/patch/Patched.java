package io.jollyboat.apiserver.patch;

import com.google.protobuf.Message;
import java.util.List;

/**
 * A patched object.
 *
 * @param warnings of unknown and duplicate fields, where the request asks for warnings
 */
public record Patched<T extends Message>(T object, List<String> warnings) {}

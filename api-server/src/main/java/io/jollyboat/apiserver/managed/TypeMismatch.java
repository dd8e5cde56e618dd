package io.jollyboat.apiserver.managed;

import java.util.List;
import java.util.stream.Collectors;

/** A tree that is not of its type, with upstream's words for each fault. */
final class TypeMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    TypeMismatch(List<String> faults) {
        super(text(faults), null, false, false);
    }

    private static String text(List<String> faults) {
        return faults.size() == 1
                ? faults.getFirst()
                : faults.stream().map(fault -> "\n  " + fault).collect(Collectors.joining("", "errors:", ""));
    }
}

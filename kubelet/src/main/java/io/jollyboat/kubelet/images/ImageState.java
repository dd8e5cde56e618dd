package io.jollyboat.kubelet.images;

import io.jollyboat.cri.v1.Image;
import java.time.Duration;

/** How a container's image stands. */
public sealed interface ImageState {
    /** @param spec how the runtime knows the image */
    record Present(String spec, Image image) implements ImageState {}

    /** Whoever asked is told when it is done. */
    record Pulling() implements ImageState {}

    /**
     * @param reason upstream's, such as ErrImagePull
     * @param again when to ask again
     */
    record Missing(String reason, String message, Duration again) implements ImageState {}
}

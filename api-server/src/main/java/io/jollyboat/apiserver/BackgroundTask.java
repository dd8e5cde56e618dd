package io.jollyboat.apiserver;

/** Something that keeps objects of the server's own. */
interface BackgroundTask extends AutoCloseable {
    void start();

    @Override
    void close();
}

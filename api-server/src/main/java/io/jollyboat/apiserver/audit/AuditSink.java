package io.jollyboat.apiserver.audit;

import tools.jackson.databind.node.ObjectNode;

/** Where events go. Thread-safe; does not wait for anybody far away. */
interface AuditSink extends AutoCloseable {
    void write(ObjectNode event);

    @Override
    void close();
}

package io.jollyboat.apiserver.storage;

import com.google.protobuf.ByteString;

/**
 * One version of one key.
 *
 * @param leaseId 0 for none
 */
public record KeyValue(ByteString key, ByteString value, long createRevision, long modRevision, long leaseId) {}

package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.outbound.Address;
import io.jollyboat.apiserver.outbound.CallException;

/** Finds where a Service is reached. */
@FunctionalInterface
public interface ServiceAddresses {
    Address resolve(String namespace, String name, int port) throws CallException;
}

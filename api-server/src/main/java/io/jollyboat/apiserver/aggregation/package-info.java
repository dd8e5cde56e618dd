/**
 * API servers beside this one: the APIService objects of what is served here, which are kept by themselves, and of what
 * other servers serve, whose availability, discovery and OpenAPI are asked for as long as there are any. Requests are
 * handed on by the REST door. Nothing runs, and nothing is asked, while no APIService names a Service. Thread-safe.
 */
package io.jollyboat.apiserver.aggregation;

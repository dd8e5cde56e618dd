/**
 * Priority and fairness of requests at the REST door: FlowSchemas sort requests into PriorityLevels, which share out the
 * server's seats, queue what is too much, and lend to each other. The gRPC door stays outside: its callers are the
 * cluster's own components, few, each with one connection and bounded work of its own, and they must get through when
 * others crowd the server.
 *
 * <p>A request takes its seat on its own thread, and waits there. Each level has a lock of its own, held for a few steps.
 */
package io.jollyboat.apiserver.flow;

/** What load balancers ask a node: whether its proxy works, and whether a Service has endpoints here. */
package io.jollyboat.proxy.health;

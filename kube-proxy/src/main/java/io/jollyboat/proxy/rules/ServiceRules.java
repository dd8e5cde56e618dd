package io.jollyboat.proxy.rules;

import java.util.List;

/**
 * The rules of one Service.
 *
 * @param healthCheckPort where load balancers ask for local endpoints; 0 for none
 * @param localReady how many ready endpoints this node has
 */
public record ServiceRules(List<PortRules> ports, int healthCheckPort, int localReady) {
    /** Of a Service that needs none. */
    public static final ServiceRules NONE = new ServiceRules(List.of(), 0, 0);
}

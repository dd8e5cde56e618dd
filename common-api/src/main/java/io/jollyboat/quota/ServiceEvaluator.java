package io.jollyboat.quota;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.quantity.Quantity;
import io.jollyboat.values.Quantities;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Services, their node ports and load balancers. */
final class ServiceEvaluator implements QuotaEvaluator {
    private static final String COUNT = CountEvaluator.name("services");
    private static final String SERVICES = "services";
    private static final String NODE_PORTS = "services.nodeports";
    private static final String LOAD_BALANCERS = "services.loadbalancers";
    private static final Set<String> NAMES = Set.of(COUNT, SERVICES, NODE_PORTS, LOAD_BALANCERS);

    @Override
    public boolean counts(String name) {
        return NAMES.contains(name);
    }

    @Override
    public Map<String, Quantity> usage(Message object) {
        ServiceSpec spec = ((Service) object).getSpec();
        Map<String, Quantity> usage = new TreeMap<>();
        usage.put(COUNT, CountEvaluator.ONE);
        usage.put(SERVICES, CountEvaluator.ONE);
        usage.put(NODE_PORTS, Quantities.of(nodePorts(spec)));
        usage.put(LOAD_BALANCERS, Quantities.of(spec.getType().equals("LoadBalancer") ? 1 : 0));
        return usage;
    }

    /** Those to come too: they are given out only after admission. */
    private static long nodePorts(ServiceSpec spec) {
        return switch (spec.getType()) {
            case "NodePort" -> spec.getPortsCount();
            case "LoadBalancer" ->
                spec.hasAllocateLoadBalancerNodePorts() && !spec.getAllocateLoadBalancerNodePorts()
                        ? spec.getPortsList().stream()
                                .filter(port -> port.getNodePort() != 0)
                                .count()
                        : spec.getPortsCount();
            default -> 0;
        };
    }

    @Override
    public boolean concerns(String subresource, Message object, Message old) {
        return subresource.isEmpty();
    }

    @Override
    public boolean frees(Message before, Message after) {
        return !limitedType(before).equals(limitedType(after));
    }

    private static String limitedType(Message object) {
        String type = ((Service) object).getSpec().getType();
        return type.equals("NodePort") || type.equals("LoadBalancer") ? type : "";
    }
}

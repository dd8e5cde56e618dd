package io.jollyboat.proxy.dns;

import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServicePort;
import io.jollyboat.api.discovery.v1.Endpoint;
import io.jollyboat.api.discovery.v1.EndpointPort;
import io.jollyboat.api.discovery.v1.EndpointSlice;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The records of the Kubernetes DNS specification 1.1.0. Thread-safe. */
final class ClusterZone {
    private static final int TTL_SECONDS = 30;
    private static final int NEGATIVE_TTL_SECONDS = 5;
    private static final String REVERSE = ".in-addr.arpa";

    private final ClusterNames names;
    private final DnsConfig config;
    private final RandomGenerator random;

    ClusterZone(ClusterNames names, DnsConfig config, RandomGenerator random) {
        this.names = names;
        this.config = config;
        this.random = random;
    }

    /** The answer, or empty when the name is not ours to answer. */
    Optional<DnsAnswer> answer(String name, int type) {
        String zone = config.domain();
        boolean inside = name.equals(zone) || name.endsWith("." + zone);
        if (!inside && !name.endsWith(REVERSE)) {
            return Optional.empty();
        }
        if (!names.ready()) {
            return Optional.of(DnsAnswer.failure(ResponseCode.SERVER_FAILURE));
        }
        if (!inside) {
            return reverse(name, type);
        }
        String below = name.equals(zone) ? "" : name.substring(0, name.length() - zone.length() - 1);
        Found found = lookUp(below, name, type);
        if (found == null) {
            return Optional.of(nothing(ResponseCode.NO_SUCH_NAME, zone));
        }
        List<DnsRecord> matching = found.records().stream()
                .filter(r -> type == RecordType.ANY
                        || r.data().type() == type
                        || r.data().type() == RecordType.CNAME)
                .toList();
        if (matching.isEmpty()) {
            return Optional.of(nothing(ResponseCode.OK, zone));
        }
        return Optional.of(DnsAnswer.of(matching, type == RecordType.SRV ? found.additional() : List.of()));
    }

    private DnsAnswer nothing(ResponseCode code, String zone) {
        return new DnsAnswer(code, true, List.of(), List.of(soa(zone)), List.of());
    }

    private DnsRecord soa(String zone) {
        return new DnsRecord(
                zone,
                NEGATIVE_TTL_SECONDS,
                new DnsRecord.Authority(
                        "ns.dns." + config.domain(),
                        "hostmaster." + config.domain(),
                        names.serial(),
                        NEGATIVE_TTL_SECONDS));
    }

    /** What a name holds; empty for a name that only has others below it. */
    private record Found(List<DnsRecord> records, List<DnsRecord> additional) {
        static final Found EMPTY = new Found(List.of(), List.of());

        static Found of(List<DnsRecord> records) {
            return new Found(records, List.of());
        }
    }

    /** Null when there is no such name. */
    private Found lookUp(String below, String name, int type) {
        return switch (below) {
            case "" ->
                Found.of(List.of(
                        soa(name),
                        new DnsRecord(name, TTL_SECONDS, new DnsRecord.NameServer("ns.dns." + config.domain()))));
            case "dns-version" -> Found.of(List.of(new DnsRecord(name, TTL_SECONDS, new DnsRecord.Text("1.1.0"))));
            case "ns.dns" -> Found.of(List.of(address(name, config.address())));
            case "svc", "pod", "dns" -> Found.EMPTY;
            default -> {
                List<String> labels = Arrays.asList(below.split("\\.", -1));
                List<String> rest = labels.subList(0, labels.size() - 1);
                yield switch (labels.getLast()) {
                    case "svc" -> service(rest, name, type);
                    case "pod" -> pod(rest, name);
                    default -> null;
                };
            }
        };
    }

    private Found pod(List<String> labels, String name) {
        if (labels.size() == 1) {
            return names.services(labels.getFirst()).isEmpty() ? null : Found.EMPTY;
        }
        String ip = labels.getFirst().replace('-', '.');
        return labels.size() == 2 && isIpv4(ip) ? Found.of(List.of(address(name, ip))) : null;
    }

    private Found service(List<String> labels, String name, int type) {
        String namespace = labels.getLast();
        if (labels.size() == 1) {
            return names.services(namespace).isEmpty() ? null : Found.EMPTY;
        }
        Service service = names.service(namespace, labels.get(labels.size() - 2));
        if (service == null) {
            return null;
        }
        List<String> rest = labels.subList(0, labels.size() - 2);
        String serviceName = qualified(service);
        if (service.getSpec().getType().equals("ExternalName")) {
            return rest.isEmpty() ? Found.of(List.of(alias(name, service))) : null;
        }
        boolean headless = headless(service);
        if (rest.isEmpty()) {
            if (type == RecordType.SRV) {
                return services(service, serviceName, name, "", "");
            }
            return headless ? addresses(name, endpoints(service)) : Found.of(clusterIps(name, service));
        }
        if (rest.size() == 2 && rest.get(0).startsWith("_") && rest.get(1).startsWith("_")) {
            Found found = services(
                    service,
                    serviceName,
                    name,
                    rest.get(0).substring(1),
                    rest.get(1).substring(1));
            return found.records().isEmpty() ? null : found;
        }
        if (rest.size() == 1 && rest.get(0).startsWith("_")) {
            String protocol = rest.get(0).substring(1).toUpperCase(Locale.ROOT);
            return service.getSpec().getPortsList().stream()
                            .anyMatch(p -> !p.getName().isEmpty() && protocol(p).equals(protocol))
                    ? Found.EMPTY
                    : null;
        }
        if (rest.size() == 1) {
            return addresses(
                    name,
                    endpoints(service).stream()
                            .filter(e -> e.label().equals(rest.get(0)))
                            .toList());
        }
        return null;
    }

    /** SRV records; empty port and protocol for all. */
    private Found services(Service service, String serviceName, String name, String port, String protocol) {
        List<DnsRecord> records = new ArrayList<>();
        Set<DnsRecord> additional = new LinkedHashSet<>();
        if (headless(service)) {
            for (ZoneEndpoint endpoint : endpoints(service)) {
                String target = endpoint.label() + "." + serviceName;
                for (EndpointPort p : endpoint.ports()) {
                    if (p.hasPort() && matches(port, protocol, p.getName(), p.getProtocol())) {
                        records.add(srv(name, p.getPort(), target));
                        additional.add(address(target, endpoint.address()));
                    }
                }
            }
        } else {
            for (ServicePort p : service.getSpec().getPortsList()) {
                if (matches(port, protocol, p.getName(), p.getProtocol())) {
                    records.add(srv(name, p.getPort(), serviceName));
                    additional.addAll(clusterIps(serviceName, service));
                }
            }
        }
        int weight = records.isEmpty() ? 0 : Math.max(1, 100 / records.size());
        return new Found(records.stream().map(r -> weighted(r, weight)).toList(), List.copyOf(additional));
    }

    private static DnsRecord srv(String name, int port, String target) {
        return new DnsRecord(name, TTL_SECONDS, new DnsRecord.Service(0, 0, port, target));
    }

    private static DnsRecord weighted(DnsRecord record, int weight) {
        DnsRecord.Service s = (DnsRecord.Service) record.data();
        return new DnsRecord(
                record.name(), record.ttlSeconds(), new DnsRecord.Service(s.priority(), weight, s.port(), s.target()));
    }

    private static boolean matches(String port, String protocol, String portName, String portProtocol) {
        if (port.isEmpty() && protocol.isEmpty()) {
            return true;
        }
        String actual = portProtocol.isEmpty() ? "tcp" : portProtocol.toLowerCase(Locale.ROOT);
        return !portName.isEmpty() && portName.equals(port) && actual.equals(protocol);
    }

    private static String protocol(ServicePort port) {
        return port.getProtocol().isEmpty() ? "TCP" : port.getProtocol();
    }

    private Found addresses(String name, List<ZoneEndpoint> endpoints) {
        if (endpoints.isEmpty()) {
            return null;
        }
        List<DnsRecord> records = new ArrayList<>(endpoints.stream()
                .map(ZoneEndpoint::address)
                .distinct()
                .map(a -> address(name, a))
                .toList());
        // Many clients take the first.
        Collections.rotate(records, random.nextInt(records.size()));
        return Found.of(records);
    }

    private static List<DnsRecord> clusterIps(String name, Service service) {
        return service.getSpec().getClusterIPsList().stream()
                .filter(ip -> !ip.isEmpty())
                .map(ip -> address(name, ip))
                .toList();
    }

    private List<ZoneEndpoint> endpoints(Service service) {
        return ZoneEndpoint.of(names.slices(
                service.getMetadata().getNamespace(), service.getMetadata().getName()));
    }

    private String qualified(Service service) {
        return service.getMetadata().getName() + "." + service.getMetadata().getNamespace() + ".svc." + config.domain();
    }

    private static boolean headless(Service service) {
        return service.getSpec().getClusterIP().equals("None");
    }

    private static DnsRecord alias(String name, Service service) {
        String target = service.getSpec().getExternalName().toLowerCase(Locale.ROOT);
        return new DnsRecord(
                name,
                TTL_SECONDS,
                new DnsRecord.Alias(target.endsWith(".") ? target.substring(0, target.length() - 1) : target));
    }

    private Optional<DnsAnswer> reverse(String name, int type) {
        List<String> parts = Arrays.asList(
                name.substring(0, name.length() - REVERSE.length()).split("\\.", -1));
        String ip = String.join(".", parts.reversed());
        if (!isIpv4(ip)) {
            return Optional.empty();
        }
        List<String> targets = targets(ip);
        if (targets.isEmpty()) {
            int number = Ipv4Cidr.address(ip);
            boolean ours = config.ranges().stream().anyMatch(r -> r.contains(number));
            return ours ? Optional.of(nothing(ResponseCode.NO_SUCH_NAME, REVERSE.substring(1))) : Optional.empty();
        }
        if (type != RecordType.PTR && type != RecordType.ANY) {
            return Optional.of(nothing(ResponseCode.OK, REVERSE.substring(1)));
        }
        return Optional.of(DnsAnswer.of(
                targets.stream()
                        .map(t -> new DnsRecord(name, TTL_SECONDS, new DnsRecord.Pointer(t)))
                        .toList(),
                List.of()));
    }

    private List<String> targets(String ip) {
        Set<String> targets = new LinkedHashSet<>();
        names.servicesByIp(ip).forEach(s -> targets.add(qualified(s)));
        if (!targets.isEmpty()) {
            return List.copyOf(targets);
        }
        for (EndpointSlice slice : names.slicesByAddress(ip)) {
            String service = slice.getMetadata().getLabelsOrDefault("kubernetes.io/service-name", "");
            for (Endpoint endpoint : slice.getEndpointsList()) {
                if (!service.isEmpty()
                        && endpoint.getAddressesCount() > 0
                        && endpoint.getAddresses(0).equals(ip)) {
                    targets.add(ZoneEndpoint.label(endpoint) + "." + service + "."
                            + slice.getMetadata().getNamespace() + ".svc." + config.domain());
                }
            }
        }
        return List.copyOf(targets);
    }

    private static DnsRecord address(String name, String ip) {
        try {
            return new DnsRecord(name, TTL_SECONDS, new DnsRecord.Address(InetAddress.ofLiteral(ip)));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("an address of the API is none: " + ip, e);
        }
    }

    private static boolean isIpv4(String text) {
        try {
            Ipv4Cidr.address(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

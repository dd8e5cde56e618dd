package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The way out of the machine for worker hosts and pods: slirp4netns in the fabric's namespace opens their connections
 * anew as a process of this machine, so this machine needs no forwarding and no address rewriting of its own. Only hosts'
 * addresses go out; the pods' and Services' ranges end in the fabric. Without slirp4netns the cluster works, closed.
 */
final class Egress {
    static final String PROCESS = "egress";
    static final String PROGRAM = "slirp4netns";

    /** Between the fabric and slirp4netns: from the range for benchmarks, which no network uses. */
    private static final String RANGE = "198.19.0.0/24";

    /** Where slirp4netns hands DNS questions on to this machine's first resolver, one on its loopback too. */
    static final String DNS_RELAY = "198.19.0.3";

    private static final String DEVICE = "out";
    private static final List<String> PROXY_VARIABLES = List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY");

    private Egress() {}

    /** What keeps pods from having a way out, in words for the user; empty when there is one. */
    static Optional<String> obstacle(ClusterSpec spec) {
        if (spec.offline()) {
            return Optional.of("the cluster was started with --offline");
        }
        if (Programs.ofThisMachine().find(PROGRAM).isEmpty()) {
            return Optional.of("slirp4netns is not installed");
        }
        return Files.exists(Path.of("/dev/net/tun"))
                ? Optional.empty()
                : Optional.of("this machine has no /dev/net/tun, which slirp4netns needs");
    }

    /**
     * The sandbox of slirp4netns unmounts what it does not need, and would do so for the whole machine where mounts are
     * shared: hence the mount namespace around it, into which this machine's changes come but out of which none go.
     */
    static List<String> command(String namespace) {
        return List.of(
                "unshare",
                "--mount",
                "--propagation",
                "slave",
                PROGRAM,
                "--configure",
                "--mtu=65520",
                "--cidr=" + RANGE,
                "--disable-host-loopback",
                "--enable-sandbox",
                "--enable-seccomp",
                "--netns-type=path",
                "/run/netns/" + namespace,
                DEVICE);
    }

    /** For {@code ip -batch} in the fabric's namespace: the hosts' gateway, and the end of the cluster's ranges. */
    static String routes(ClusterSpec spec) {
        return """
                address add %s/24 dev fabric
                route add unreachable %s
                route add unreachable %s
                """.formatted(spec.gatewayIp(), spec.podCidr(), spec.serviceCidr());
    }

    /**
     * For {@code nft} in the fabric's namespace. Traffic between hosts only passes the bridge, whatever br_netfilter does.
     * The relay for DNS is asked nothing but DNS: behind it is this machine's loopback.
     */
    static String rules(ClusterSpec spec) {
        return """
                table ip egress {
                  chain leaving {
                    ip daddr %2$s meta l4proto { tcp, udp } th dport 53 accept
                    ip daddr %3$s counter reject with icmp type net-unreachable
                    ip saddr %4$s.0/24 counter accept
                    counter drop
                  }
                  chain forward {
                    type filter hook forward priority 0; policy accept;
                    oifname "%1$s" jump leaving
                    iifname "%1$s" ct state != { established, related } counter drop
                  }
                  chain source {
                    type nat hook postrouting priority 100; policy accept;
                    oifname "%1$s" masquerade
                  }
                }
                """.formatted(DEVICE, DNS_RELAY, RANGE, spec.network());
    }

    /** Proxies out of the user's environment are for the outside: the cluster's own addresses are added to NO_PROXY. */
    static Map<String, String> proxyEnvironment(ClusterSpec spec, Map<String, String> user) {
        boolean proxied = PROXY_VARIABLES.stream().anyMatch(v -> !value(user, v).isEmpty());
        if (!proxied) {
            return Map.of();
        }
        List<String> direct = new ArrayList<>();
        Stream.of(value(user, "NO_PROXY").split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .forEach(direct::add);
        direct.addAll(List.of(
                "localhost",
                "127.0.0.0/8",
                spec.network() + ".0/24",
                spec.podCidr(),
                spec.serviceCidr(),
                ".svc",
                ".cluster.local"));
        String joined = String.join(",", direct);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("NO_PROXY", joined);
        environment.put("no_proxy", joined);
        return environment;
    }

    /** A proxy that listens on this machine's loopback alone is out of the worker hosts' reach. */
    static Optional<String> proxyOnLoopback(Map<String, String> user) {
        return PROXY_VARIABLES.stream()
                .filter(v -> value(user, v)
                        .matches("(?i)([a-z0-9]+://)?([^@/]*@)?(localhost|127\\.[0-9.]+|\\[::1])([:/].*)?"))
                .findFirst();
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, environment.getOrDefault(name.toLowerCase(Locale.ROOT), ""));
    }

    /** The file that names this machine's resolvers. */
    static Path resolvConf() {
        return Path.of(System.getenv().getOrDefault("JOLLY_RESOLV_CONF", "/etc/resolv.conf"));
    }

    /** A resolv.conf for pods that ask the host's resolvers: the relay stands for those on the loopback. */
    static String podResolvConf(String host) {
        List<String> lines = new ArrayList<>();
        for (String line : host.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            boolean loopback =
                    words.length > 1 && words[0].equals("nameserver") && words[1].matches("127\\.[0-9.]+|::1");
            String kept = loopback ? "nameserver " + DNS_RELAY : line;
            if (!loopback || !lines.contains(kept)) {
                lines.add(kept);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    static void writePodResolvConf(Path file) throws IOException {
        Path host = resolvConf();
        Files.writeString(file, Files.exists(host) ? podResolvConf(Files.readString(host)) : "");
    }
}

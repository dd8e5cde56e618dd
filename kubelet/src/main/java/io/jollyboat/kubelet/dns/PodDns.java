package io.jollyboat.kubelet.dns;

import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.core.v1.PodDNSConfig;
import io.jollyboat.api.core.v1.PodDNSConfigOption;
import io.jollyboat.cri.v1.DNSConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What a pod's resolv.conf says. */
public final class PodDns {
    private static final int MAX_SERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARS = 2048;

    private final List<String> clusterServers;
    private final String clusterDomain;
    private final Path hostResolvConf;

    public PodDns(List<String> clusterServers, String clusterDomain, Path hostResolvConf) {
        this.clusterServers = List.copyOf(clusterServers);
        this.clusterDomain = clusterDomain;
        this.hostResolvConf = hostResolvConf;
    }

    public DNSConfig of(Pod pod) {
        DNSConfig config = byPolicy(pod);
        return pod.getSpec().hasDnsConfig() ? withOwn(config, pod.getSpec().getDnsConfig()) : config;
    }

    private DNSConfig byPolicy(Pod pod) {
        DNSConfig host = ofHost();
        boolean cluster = switch (pod.getSpec().getDnsPolicy()) {
            case "None" -> {
                host = DNSConfig.getDefaultInstance();
                yield false;
            }
            case "Default" -> false;
            case "ClusterFirstWithHostNet" -> true;
            default -> !pod.getSpec().getHostNetwork();
        };
        if (!cluster || clusterServers.isEmpty()) {
            return host;
        }
        List<String> searches = new ArrayList<>();
        if (!clusterDomain.isEmpty()) {
            searches.add(pod.getMetadata().getNamespace() + ".svc." + clusterDomain);
            searches.add("svc." + clusterDomain);
            searches.add(clusterDomain);
        }
        searches.addAll(host.getSearchesList());
        return DNSConfig.newBuilder()
                .addAllServers(clusterServers)
                .addAllSearches(limited(searches))
                .addOptions("ndots:5")
                .build();
    }

    private static DNSConfig withOwn(DNSConfig base, PodDNSConfig own) {
        LinkedHashSet<String> servers = new LinkedHashSet<>(base.getServersList());
        servers.addAll(own.getNameserversList());
        List<String> searches = new ArrayList<>(base.getSearchesList());
        searches.addAll(own.getSearchesList());
        List<String> options = new ArrayList<>(base.getOptionsList());
        for (PodDNSConfigOption option : own.getOptionsList()) {
            options.removeIf(o -> o.split(":")[0].equals(option.getName()));
            options.add(option.hasValue() ? option.getName() + ":" + option.getValue() : option.getName());
        }
        return DNSConfig.newBuilder()
                .addAllServers(servers.stream().limit(MAX_SERVERS).toList())
                .addAllSearches(limited(searches))
                .addAllOptions(options)
                .build();
    }

    private static List<String> limited(List<String> searches) {
        List<String> kept = new ArrayList<>();
        int chars = 0;
        for (String search : new LinkedHashSet<>(searches)) {
            chars += search.length() + (kept.isEmpty() ? 0 : 1);
            if (kept.size() == MAX_SEARCHES || chars > MAX_SEARCH_CHARS) {
                break;
            }
            kept.add(search);
        }
        return kept;
    }

    private DNSConfig ofHost() {
        DNSConfig.Builder config = DNSConfig.newBuilder();
        List<String> lines;
        try {
            lines = Files.readAllLines(hostResolvConf);
        } catch (IOException e) {
            return config.build();
        }
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> {
                    if (config.getServersCount() < MAX_SERVERS && !values.isEmpty()) {
                        config.addServers(values.getFirst());
                    }
                }
                case "search" ->
                    config.clearSearches()
                            .addAllSearches(values.stream()
                                    .map(v -> v.length() > 1 && v.endsWith(".") ? v.substring(0, v.length() - 1) : v)
                                    .toList());
                case "options" -> config.clearOptions().addAllOptions(values);
                default -> {}
            }
        }
        return config.build();
    }
}

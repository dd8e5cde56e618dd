package io.jollyboat.kubelet.dns;

import io.jollyboat.api.core.v1.HostAlias;
import io.jollyboat.api.core.v1.Pod;
import java.util.List;

/** A pod's host name, and the /etc/hosts that goes with it. Pure. */
public final class PodNames {
    private static final int MAX_NAME = 63;
    private static final int MAX_FQDN = 64;

    private final Pod pod;
    private final String clusterDomain;

    public PodNames(Pod pod, String clusterDomain) {
        this.pod = pod;
        this.clusterDomain = clusterDomain;
    }

    /** The kernel's host name: the short one, or the full one where the pod asks for it. */
    public String hostname() {
        boolean fqdn = pod.getSpec().getSetHostnameAsFQDN() && !domain().isEmpty();
        String full = shortName() + "." + domain();
        if (fqdn && full.length() > MAX_FQDN) {
            throw new IllegalArgumentException("failed to construct FQDN from Pod hostname and cluster domain, FQDN "
                    + full + " is too long (64 characters is the max, " + full.length() + " characters requested)");
        }
        return fqdn ? full : shortName();
    }

    private String shortName() {
        if (!pod.getSpec().getHostnameOverride().isEmpty()) {
            return pod.getSpec().getHostnameOverride();
        }
        String name = pod.getSpec().getHostname().isEmpty()
                ? pod.getMetadata().getName()
                : pod.getSpec().getHostname();
        if (name.length() <= MAX_NAME) {
            return name;
        }
        return name.substring(0, MAX_NAME).replaceAll("[-.]+$", "");
    }

    /** Empty without a subdomain. */
    private String domain() {
        return pod.getSpec().getSubdomain().isEmpty()
                ? ""
                : pod.getSpec().getSubdomain() + "." + pod.getMetadata().getNamespace() + ".svc." + clusterDomain;
    }

    /** @param hostFile the host's own /etc/hosts, for pods on its network */
    public String hostsFile(List<String> ips, String hostFile) {
        StringBuilder text = new StringBuilder();
        if (pod.getSpec().getHostNetwork()) {
            text.append("# Kubernetes-managed hosts file (host network).\n").append(hostFile);
        } else {
            text.append("# Kubernetes-managed hosts file.\n")
                    .append("127.0.0.1\tlocalhost\n")
                    .append("::1\tlocalhost ip6-localhost ip6-loopback\n")
                    .append("fe00::0\tip6-localnet\n")
                    .append("fe00::0\tip6-mcastprefix\n")
                    .append("fe00::1\tip6-allnodes\n")
                    .append("fe00::2\tip6-allrouters\n");
            for (String ip : ips) {
                text.append(ip).append('\t');
                if (!domain().isEmpty()) {
                    text.append(shortName()).append('.').append(domain()).append('\t');
                }
                text.append(shortName()).append('\n');
            }
        }
        if (pod.getSpec().getHostAliasesCount() > 0) {
            text.append("\n# Entries added by HostAliases.\n");
            for (HostAlias alias : pod.getSpec().getHostAliasesList()) {
                text.append(alias.getIp())
                        .append('\t')
                        .append(String.join("\t", alias.getHostnamesList()))
                        .append('\n');
            }
        }
        return text.toString();
    }
}

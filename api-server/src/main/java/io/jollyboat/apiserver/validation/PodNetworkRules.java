package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.HostAlias;
import io.jollyboat.api.core.v1.PodDNSConfig;
import io.jollyboat.api.core.v1.PodSpec;
import io.jollyboat.values.Names;
import java.util.List;

/** The rules of a pod's names, name servers and host namespaces. */
final class PodNetworkRules {
    private static final String LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String SEARCH_DOMAIN = LABEL + "(\\." + LABEL + ")*";

    private PodNetworkRules() {}

    /** Service records have underscores in their names. */
    private static List<String> searchDomain(String domain) {
        List<String> problems = Names.tooLong(domain, 253);
        if (!domain.matches(SEARCH_DOMAIN)) {
            problems.add(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or"
                            + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                            + " validation is '" + SEARCH_DOMAIN + "')");
        }
        return problems;
    }

    static void dnsConfig(Errors errors, PodSpec spec, String path) {
        PodDNSConfig config = spec.getDnsConfig();
        boolean none = spec.getDnsPolicy().equals("None");
        if (none && !spec.hasDnsConfig()) {
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if (none && config.getNameserversCount() == 0) {
            errors.required(path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (config.getNameserversCount() > 3) {
            errors.invalid(
                    path + ".nameservers",
                    Errors.bare("[\"" + String.join("\",\"", config.getNameserversList()) + "\"]"),
                    "must not have more than 3 nameservers");
        }
        for (int i = 0; i < config.getNameserversCount(); i++) {
            Addresses.ip(errors, config.getNameservers(i), path + ".nameservers[" + i + "]");
        }
        for (int i = 0; i < config.getSearchesCount(); i++) {
            String search = config.getSearches(i);
            String plain = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            if (!search.equals(".")) {
                errors.invalid(path + ".searches[" + i + "]", search, searchDomain(plain));
            }
        }
        for (int i = 0; i < config.getOptionsCount(); i++) {
            if (config.getOptions(i).getName().isEmpty()) {
                errors.required(path + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    static void hostUsers(Errors errors, PodSpec spec, String path) {
        if (!spec.hasHostUsers() || spec.getHostUsers()) {
            return;
        }
        if (spec.getHostNetwork()) {
            errors.forbidden(path + ".hostNetwork", "when `hostUsers` is false");
        }
        if (spec.getHostPID()) {
            errors.forbidden(path + ".HostPID", "when `hostUsers` is false");
        }
        if (spec.getHostIPC()) {
            errors.forbidden(path + ".HostIPC", "when `hostUsers` is false");
        }
    }

    static void hostAliases(Errors errors, List<HostAlias> aliases, String path) {
        for (int i = 0; i < aliases.size(); i++) {
            String at = path + "[" + i + "]";
            Addresses.ip(errors, aliases.get(i).getIp(), at + ".ip");
            for (int j = 0; j < aliases.get(i).getHostnamesCount(); j++) {
                String name = aliases.get(i).getHostnames(j);
                errors.invalid(at + ".hostnames[" + j + "]", name, Names.dns1123Subdomain(name));
            }
        }
    }
}

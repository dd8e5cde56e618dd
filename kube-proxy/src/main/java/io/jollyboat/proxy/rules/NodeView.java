package io.jollyboat.proxy.rules;

import java.util.List;

/**
 * What the rules depend on of the node itself.
 *
 * @param zone empty when unknown
 * @param nodePortAddresses the node's addresses that answer node ports
 * @param dnsAddress the address whose port 53 the node answers itself, empty for none
 */
public record NodeView(String name, String zone, List<String> nodePortAddresses, String dnsAddress) {}

package io.jollyboat.proxy.nftables;

import java.util.List;

/**
 * What the table depends on besides the Services.
 *
 * @param table the name of our table in family ip
 * @param podCidr the range of all pods of the cluster
 * @param serviceCidrs the ranges of ClusterIPs
 * @param nodeIp the node's address
 * @param masqueradePods whether pods appear as the node to hosts outside of the pod range
 */
public record NftablesConfig(
        String table, String podCidr, List<String> serviceCidrs, String nodeIp, boolean masqueradePods) {}

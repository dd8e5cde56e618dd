package io.jollyboat.proxy;

import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.process.ProcessContext;
import io.jollyboat.process.ProcessMain;
import io.jollyboat.process.StartException;
import io.jollyboat.proxy.linux.LinuxNetwork;
import io.jollyboat.proxy.nftables.NftablesBackend;
import io.jollyboat.proxy.nftables.NftablesConfig;
import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.io.IOException;
import java.util.List;

/** The process {@code kube-proxy}: {@code --config FILE}, or {@code --cleanup} to remove what an earlier one made. */
public final class KubeProxyMain {
    private static final String TABLE = "jollyboat-proxy";

    private KubeProxyMain() {}

    public static void main(String[] args) {
        if (List.of(args).contains("--cleanup")) {
            cleanUp();
        } else {
            ProcessMain.run("kube-proxy", args, KubeProxyConfig.class, KubeProxyMain::start);
        }
    }

    private static AutoCloseable start(KubeProxyConfig config, ProcessContext context)
            throws IOException, StartException {
        NftablesBackend backend = NftablesBackend.open(new NftablesConfig(
                TABLE,
                config.podCidr(),
                config.serviceRanges().stream().map(Ipv4Cidr::toString).toList(),
                config.nodeIp(),
                config.masqueradePods()));
        GrpcApiClient client = GrpcApiClient.connect(config.apiServer(), "kube-proxy", context.runtime());
        SharedInformers informers = new SharedInformers(client, context.runtime());
        KubeProxy proxy =
                new KubeProxy(config, informers, backend, new LinuxNetwork(), context.runtime(), context.metrics());
        AutoCloseable all = () -> {
            proxy.close();
            informers.close();
            client.close();
        };
        try {
            proxy.start();
        } catch (IOException | StartException | RuntimeException e) {
            informers.close();
            client.close();
            throw e;
        }
        return all;
    }

    private static void cleanUp() {
        try (NftablesBackend backend =
                NftablesBackend.open(new NftablesConfig(TABLE, "0.0.0.0/0", List.of(), "0.0.0.0", false))) {
            backend.remove();
            new LinuxNetwork().remove();
        } catch (IOException e) {
            System.err.println("kube-proxy: cleanup failed: " + e.getMessage());
            System.exit(1);
        }
    }
}

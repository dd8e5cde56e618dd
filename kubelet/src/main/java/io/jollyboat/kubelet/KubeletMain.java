package io.jollyboat.kubelet;

import io.jollyboat.client.GrpcApiClient;
import io.jollyboat.informer.SharedInformers;
import io.jollyboat.kubelet.cri.ContainerRuntime;
import io.jollyboat.kubelet.cri.GrpcContainerRuntime;
import io.jollyboat.process.ProcessContext;
import io.jollyboat.process.ProcessMain;
import io.jollyboat.tls.CertificateRequest;
import io.jollyboat.tls.CertificateRotation;
import java.io.IOException;

/** The process {@code kubelet}: {@code --config FILE}. */
public final class KubeletMain {
    private KubeletMain() {}

    public static void main(String[] args) {
        ProcessMain.run("kubelet", args, KubeletConfig.class, KubeletMain::start);
    }

    private static AutoCloseable start(KubeletConfig config, ProcessContext context) throws IOException {
        GrpcApiClient client = GrpcApiClient.connect(config.apiServer(), "kubelet", context.runtime());
        SharedInformers informers = new SharedInformers(client, context.runtime());
        ContainerRuntime cri = switch (config.runtime()) {
            case CRI -> new GrpcContainerRuntime(config.runtimeEndpoint(), context.runtime());
            case SIMULATED -> SimulatedNodes.containers(context.runtime());
        };
        Kubelet kubelet = new Kubelet(config, client, informers, cri, context.runtime(), context.metrics());
        CertificateRotation rotation = new CertificateRotation(
                config.apiServer().certFile(),
                CertificateRequest.client("system:node:" + config.nodeName(), "system:nodes"),
                client,
                context.runtime());
        AutoCloseable all = () -> {
            rotation.close();
            kubelet.close();
            informers.close();
            cri.close();
            client.close();
        };
        try {
            kubelet.start();
        } catch (IOException | RuntimeException e) {
            informers.close();
            cri.close();
            client.close();
            throw e;
        }
        informers.start();
        // A certificate that does not share its file with its key is somebody else's to renew.
        if (config.apiServer().certFile().equals(config.apiServer().keyFile())) {
            rotation.start();
        }
        return all;
    }
}

package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.audit.AuditLog;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.discovery.DiscoveryDocuments;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.flow.FlowControl;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.Trust;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.errors.ApiException;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsContexts.ClientCertificate;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The HTTPS door. */
public final class RestDoor implements AutoCloseable {
    private final HttpListener listener;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final WatchHandler watches;
    private final InFlight inFlight;

    /**
     * @param advertised address that discovery tells, empty for the one that is listened at
     * @param otherAuthorities who signs certificates of clients beside the authorities of {@code tls}
     * @param kubelets the server's identity towards kubelets, empty where they are not reached
     * @param documents JSON by path, such as those of OpenID discovery
     * @param flow gives requests their seats
     * @param audit what is written of requests
     * @param aggregation the API servers beside this one
     */
    public RestDoor(
            InetSocketAddress address,
            String advertised,
            TlsContexts tls,
            List<X509Certificate> otherAuthorities,
            Optional<TlsContexts> kubelets,
            Runtime runtime,
            Metrics metrics,
            HealthChecks health,
            AccessGate gate,
            ServedKinds kinds,
            ResourceService resources,
            ObjectStorages storages,
            OpenApiDocuments openApi,
            Map<String, Supplier<byte[]>> documents,
            FlowControl flow,
            Optional<AuditLog> audit,
            Aggregation aggregation) {
        Renderer renderer = new Renderer(resources);
        Tables tables = new Tables(resources, renderer, runtime);
        this.watches = new WatchHandler(runtime, resources, new Watching(renderer, tables, metrics));
        Supplier<SSLContext> kubeletTls = () -> kubelets.orElseThrow(
                        () -> ApiException.of(503, "ServiceUnavailable", "this server has no certificate for kubelets"))
                .jdk();
        KubeletTunnel tunnel = new KubeletTunnel(runtime, kubeletTls);
        KubeletLocator locator = new KubeletLocator(storages);
        KubeletProxy proxy = new KubeletProxy(
                gate,
                resources,
                locator,
                new KubeletHttp(kubeletTls),
                tunnel,
                new ServiceProxy(
                        new ServiceLocator(resources, locator, runtime),
                        new HttpCaller(runtime),
                        tunnel,
                        Trust.as(kubeletTls)));
        ComponentStatuses components =
                new ComponentStatuses(new HttpCaller(runtime), tables, () -> health.failure("etcd"));
        ResourceHandler objects =
                new ResourceHandler(kinds, resources, renderer, tables, watches, proxy, components, gate);
        String host = advertised.isEmpty() ? address.getHostString() : advertised;
        NonResourceHandler others = new NonResourceHandler(
                new DiscoveryHandler(new DiscoveryDocuments(kinds, host + ":" + address.getPort()), kinds, aggregation),
                health,
                metrics,
                new OpenApiHandler(openApi),
                documents);
        this.inFlight = new InFlight(metrics);
        RequestDispatcher dispatcher = new RequestDispatcher(
                runtime,
                gate,
                objects,
                others,
                new RequestMetrics(metrics, kinds),
                flow,
                new RequestWidths(kinds, storages),
                audit,
                inFlight,
                aggregation,
                new RemoteProxy(runtime, aggregation.caller(), tunnel));
        SslContext context = tls.nettyServer(ClientCertificate.REQUESTED, otherAuthorities, "h2", "http/1.1");
        this.listener = new HttpListener(
                address, () -> context, dispatcher, body -> runtime.start("request", body), DoorLimits.STANDARD);
    }

    public void start() {
        listener.start();
    }

    public int port() {
        return listener.localAddress().getPort();
    }

    /** Ends watches, lets requests that are under way end, and then closes what connections there are. */
    @Override
    public void close() {
        listener.stopAccepting();
        listener.goAway();
        watches.close();
        inFlight.drain(DRAIN);
        listener.close();
    }
}

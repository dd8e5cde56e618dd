package io.jollyboat.apiserver;

import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.admission.AdmissionChain;
import io.jollyboat.apiserver.admission.podsecurity.PodSecurityConfiguration;
import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.alloc.AllocationRepair;
import io.jollyboat.apiserver.alloc.IpRange;
import io.jollyboat.apiserver.alloc.ServiceAllocation;
import io.jollyboat.apiserver.audit.AuditLog;
import io.jollyboat.apiserver.bootstrap.BootstrapObjects;
import io.jollyboat.apiserver.bootstrap.BootstrapReconciler;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.definitions.CustomResources;
import io.jollyboat.apiserver.definitions.DefinitionController;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.encryption.EncryptedStore;
import io.jollyboat.apiserver.encryption.Encryption;
import io.jollyboat.apiserver.flow.FlowConfiguration;
import io.jollyboat.apiserver.flow.FlowControl;
import io.jollyboat.apiserver.grpc.GrpcDoor;
import io.jollyboat.apiserver.openapi.MergedOpenApi;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.rest.HealthChecks;
import io.jollyboat.apiserver.rest.RestDoor;
import io.jollyboat.apiserver.security.Security;
import io.jollyboat.apiserver.security.SecurityConfig;
import io.jollyboat.apiserver.storage.KeyValueStore;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.Pem;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One API server: both doors, the request path, security and the caches, over one store. */
public final class ApiServer implements AutoCloseable {
    private static final Log LOG = Log.of(ApiServer.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration SERVICE_PERIOD = Duration.ofSeconds(10);
    private static final Duration FLOW_PERIOD = Duration.ofSeconds(1);
    private static final Duration REPAIR_PERIOD = Duration.ofMinutes(3);

    private final ObjectStorages storages;
    private final Security security;
    private final HttpCaller calls;
    private final HealthChecks health;
    private final RestDoor rest;
    private final GrpcDoor grpc;
    private final DefinitionController definitions;
    private final List<BackgroundTask> background;
    private final FlowControl flow;
    private final MasterLeases leases;
    private final Optional<AuditLog> audit;
    private final Optional<Encryption> encryption;
    private final Aggregation aggregation;
    private final CustomResources custom;

    /** @param store stays the caller's to close */
    public ApiServer(ApiServerConfig config, Runtime runtime, KeyValueStore store) {
        this(config, runtime, store, new Metrics());
    }

    /** @param store stays the caller's to close */
    public ApiServer(ApiServerConfig config, Runtime runtime, KeyValueStore store, Metrics metrics) {
        ServedKinds kinds = new ServedKinds(Kinds.builtIn());
        this.encryption = config.encryptionFile().map(file -> Encryption.open(file, metrics, runtime));
        this.storages = new ObjectStorages(
                encryption
                        .<KeyValueStore>map(keys -> new EncryptedStore(store, keys, runtime))
                        .orElse(store),
                runtime,
                metrics);
        kinds.all().stream().filter(ServerParts::isStored).forEach(storages::of);
        this.security = new Security(securityConfig(config), storages, BootstrapObjects.nodeRules(), metrics, runtime);
        AccessGate gate = new AccessGate(security.authenticator(), security.authorizer(), metrics, runtime);
        ServiceAllocation allocation = new ServiceAllocation(
                IpRange.parse(config.services().clusterIpRange()),
                config.services().nodePortRange(),
                runtime,
                store,
                storages);
        this.calls = new HttpCaller(runtime);
        AdmissionChain admission = AdmissionPlugins.chain(
                runtime,
                storages,
                security,
                config.admissionFile().map(AdmissionConfiguration::podSecurity).orElse(PodSecurityConfiguration.NONE),
                ServerParts.webhooks(runtime, storages, security, calls, kinds, metrics),
                ServerParts.mutatingPolicies(storages, security, kinds),
                ServerParts.policies(storages, security, kinds),
                metrics);
        ResourceService resources = new ResourceService(
                runtime,
                storages,
                ServerParts.rules(),
                admission,
                ServerParts.patcher(),
                Map.of("services", allocation),
                ServerParts.virtualResources(security, admission));
        this.custom = new CustomResources(runtime, storages, kinds, ServerParts.converters(runtime, calls, security));
        this.definitions = new DefinitionController(runtime, custom, resources, ServiceNetwork.SERVER, metrics);
        this.aggregation = AggregationParts.aggregation(
                config.aggregation(), runtime, storages, security, kinds, resources, metrics);
        CompletableFuture<Void> bootstrapped = new CompletableFuture<>();
        this.health = new HealthChecks()
                .ready("etcd", () -> reason(storages.notReadyReason()))
                .ready("authorization", () -> reason(security.ready() ? "" : "rules are not known yet"))
                .ready("crd-informer-synced", () -> reason(custom.isSynced() ? "" : "definitions are not served yet"))
                .ready("autoregister-completion", aggregation::missing)
                .ready("bootstrap", () -> reason(bootstrapped.isDone() ? "" : "default objects are not there yet"));
        encryption.ifPresent(keys -> health.live("kms-providers", keys::failure));
        this.audit = config.audit().map(log -> AuditLog.open(log, metrics, runtime));
        this.flow = new FlowControl(runtime, metrics, FlowControl.DEFAULT_SEATS);
        this.leases = new MasterLeases(store, config.advertiseAddress());
        this.background = background(config, runtime, resources, leases, allocation, bootstrapped);
        TlsContexts tls = new TlsContexts(files(config.tls()));
        this.rest = new RestDoor(
                new InetSocketAddress(config.bindAddress(), config.port()),
                config.advertiseAddress(),
                tls,
                config.aggregation()
                        .requestHeader()
                        .map(proxies -> Pem.certificates(proxies.clientCaFile()))
                        .orElse(List.of()),
                Optional.ofNullable(config.kubeletClient()).map(client -> new TlsContexts(files(client))),
                runtime,
                metrics,
                health,
                gate,
                kinds,
                resources,
                storages,
                new MergedOpenApi(ServerParts.openApi(kinds), aggregation),
                ServerParts.documents(security),
                flow,
                audit,
                aggregation);
        this.grpc = new GrpcDoor(
                new InetSocketAddress(config.bindAddress(), config.grpcPort()),
                tls.grpcServer(),
                runtime,
                gate,
                kinds,
                resources,
                metrics,
                bootstrapped,
                audit,
                aggregation);
    }

    private List<BackgroundTask> background(
            ApiServerConfig config,
            Runtime runtime,
            ResourceService resources,
            MasterLeases leases,
            ServiceAllocation allocation,
            CompletableFuture<Void> bootstrapped) {
        ConfigMap authentication = BootstrapObjects.authenticationConfig(
                ServerParts.text(config.tls().caFile()),
                config.aggregation().requestHeader().map(AggregationParts::frontProxies));
        BootstrapReconciler bootstrap = new BootstrapReconciler(
                new Bootstrap(storages, resources), authentication, step -> runtime.start("bootstrap object", step));
        FlowConfiguration flows =
                new FlowConfiguration(flow, storages, resources, () -> Call.own(ServiceNetwork.SERVER), runtime);
        AllocationRepair repair = new AllocationRepair(allocation, storages);
        List<BackgroundTask> tasks = new ArrayList<>(List.of(
                new Repeating("bootstrap", runtime, Duration.ofDays(1), RETRY, () -> {
                    // Read while the caches are being filled.
                    Runnable defaults = bootstrap.prepare();
                    storages.filled().join();
                    defaults.run();
                    bootstrapped.complete(null);
                }),
                new Repeating("kubernetes service", runtime, SERVICE_PERIOD, RETRY, () -> {
                    bootstrapped.join();
                    new ServiceNetwork(resources, leases, config.services().clusterIpRange(), rest.port()).keep();
                }),
                new Repeating("allocation repair", runtime, REPAIR_PERIOD, RETRY, () -> {
                    storages.filled().join();
                    repair.run();
                }),
                new Repeating("flow control", runtime, FLOW_PERIOD, RETRY, () -> {
                    bootstrapped.join();
                    flows.run();
                })));
        Map<Path, Runnable> files = new HashMap<>();
        config.authenticationFile().ifPresent(file -> files.put(file, security::reload));
        config.authorizationFile().ifPresent(file -> files.put(file, security::reload));
        encryption.ifPresent(keys -> files.put(config.encryptionFile().orElseThrow(), keys::reload));
        tasks.add(new ConfigFiles(runtime, files));
        tasks.add(new TokenTracking(runtime, storages, resources, bootstrapped));
        return List.copyOf(tasks);
    }

    private static Optional<String> reason(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static SecurityConfig securityConfig(ApiServerConfig config) {
        ApiServerConfig.ServiceAccounts accounts = config.serviceAccounts();
        String issuer = accounts.issuer() == null ? SecurityConfig.DEFAULT_ISSUER : accounts.issuer();
        return new SecurityConfig(
                config.tls().caFile(),
                accounts.signingKeyFile(),
                accounts.publicKeyFiles(),
                issuer,
                "https://" + config.advertiseAddress() + ":" + config.port(),
                0,
                config.authenticationFile(),
                config.tokenWebhook(),
                config.authorizationFile(),
                config.aggregation().requestHeader());
    }

    private static TlsFiles files(ApiServerConfig.Tls tls) {
        return new TlsFiles(tls.certFile(), tls.keyFile(), tls.caFile());
    }

    /** Returns when both doors are open; {@link #isReady} tells when requests will be served as they should. */
    public void start() {
        encryption.ifPresent(keys -> keys.start(storages::retryUnreadable));
        storages.start();
        security.start();
        rest.start();
        try {
            grpc.start();
        } catch (RuntimeException e) {
            rest.close();
            throw e;
        }
        definitions.start();
        aggregation.start(custom.synced());
        background.forEach(BackgroundTask::start);
        LOG.info("serving", "rest", rest.port(), "grpc", grpc.port());
    }

    /** Whether caches are filled, rules known, and the objects there that every cluster has. */
    public boolean isReady() {
        return health.isReady();
    }

    /** Port of the REST door. */
    public int port() {
        return rest.port();
    }

    public int grpcPort() {
        return grpc.port();
    }

    /** Clients of the Service go to other servers at once, rather than when the record has run out. */
    private void leave() {
        try {
            leases.leave();
        } catch (RuntimeException e) {
            LOG.warn("this server's record stays until it runs out", "reason", e.getMessage());
        }
    }

    /** Finishes what is under way, then ends watches and connections. */
    @Override
    public void close() {
        health.shuttingDown();
        background.forEach(BackgroundTask::close);
        aggregation.close();
        definitions.close();
        leave();
        grpc.close();
        rest.close();
        audit.ifPresent(AuditLog::close);
        calls.close();
        security.close();
        storages.close();
        encryption.ifPresent(Encryption::close);
        LOG.info("stopped");
    }
}

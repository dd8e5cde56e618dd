package io.jollyboat.apiserver;

import io.jollyboat.apiserver.audit.AuditConfig;
import io.jollyboat.apiserver.authn.TokenWebhookConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Settings of an API server.
 *
 * @param bindAddress where both doors listen
 * @param port of the REST door; 0 for any
 * @param grpcPort of the gRPC door; 0 for any
 * @param advertiseAddress what the {@code kubernetes} Service leads to; empty to keep no endpoints
 * @param etcd where the data is; null for a store handed in
 * @param tls the server's certificate and the authority of its clients
 * @param audit what is written of requests, and where
 * @param encryptionFile of kind {@code EncryptionConfiguration}: how objects are encrypted in the store
 * @param authenticationFile of kind {@code AuthenticationConfiguration}: other issuers of tokens that are believed
 * @param tokenWebhook a server that is asked whose a token is
 * @param authorizationFile of kind {@code AuthorizationConfiguration}: who decides what everyone may do
 * @param aggregation how other API servers are dealt with
 * @param admissionFile of kind {@code AdmissionConfiguration}: settings of admission plugins
 * @param kubeletClient the certificate that kubelets know the server by; null where logs and exec are not needed
 */
public record ApiServerConfig(
        String bindAddress,
        int port,
        int grpcPort,
        String advertiseAddress,
        Etcd etcd,
        Tls tls,
        Tls kubeletClient,
        ServiceAccounts serviceAccounts,
        Services services,
        Optional<AuditConfig> audit,
        Optional<Path> encryptionFile,
        Optional<Path> authenticationFile,
        Optional<TokenWebhookConfig> tokenWebhook,
        Optional<Path> authorizationFile,
        AggregationConfig aggregation,
        Optional<Path> admissionFile) {
    public ApiServerConfig {
        bindAddress = bindAddress == null ? "0.0.0.0" : bindAddress;
        advertiseAddress = advertiseAddress == null ? "" : advertiseAddress;
        services = services == null ? new Services(null, null) : services;
        aggregation = aggregation == null ? AggregationConfig.NONE : aggregation;
    }

    ApiServerConfig onPorts(int rest, int grpc) {
        return with(draft -> {
            draft.port = rest;
            draft.grpcPort = grpc;
        });
    }

    /** The same, for clients of the {@code kubernetes} Service at that address. */
    public ApiServerConfig advertising(String address) {
        return with(draft -> draft.advertiseAddress = address);
    }

    /** The same with settings of admission plugins. */
    public ApiServerConfig admitting(Path file) {
        return with(draft -> draft.admissionFile = Optional.of(file));
    }

    /** The same behind other proxies, or before other servers. */
    public ApiServerConfig aggregating(AggregationConfig settings) {
        return with(draft -> draft.aggregation = settings);
    }

    /** The same with an audit log. */
    public ApiServerConfig audited(AuditConfig log) {
        return with(draft -> draft.audit = Optional.of(log));
    }

    /** The same with objects encrypted in the store. */
    public ApiServerConfig encrypted(Path file) {
        return with(draft -> draft.encryptionFile = Optional.of(file));
    }

    /** The same with other issuers of tokens. */
    public ApiServerConfig authenticating(Path file) {
        return with(draft -> draft.authenticationFile = Optional.of(file));
    }

    /** The same with a server that is asked whose a token is. */
    public ApiServerConfig asking(TokenWebhookConfig webhook) {
        return with(draft -> draft.tokenWebhook = Optional.of(webhook));
    }

    /** The same with authorizers as a file tells. */
    public ApiServerConfig authorizing(Path file) {
        return with(draft -> draft.authorizationFile = Optional.of(file));
    }

    private ApiServerConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new ApiServerConfig(
                bindAddress,
                draft.port,
                draft.grpcPort,
                draft.advertiseAddress,
                etcd,
                tls,
                kubeletClient,
                serviceAccounts,
                services,
                draft.audit,
                draft.encryptionFile,
                draft.authenticationFile,
                draft.tokenWebhook,
                draft.authorizationFile,
                draft.aggregation,
                draft.admissionFile);
    }

    /** What is changed in settings that are there. */
    private static final class Draft {
        private int port;
        private int grpcPort;
        private String advertiseAddress;
        private Optional<AuditConfig> audit;
        private Optional<Path> encryptionFile;
        private Optional<Path> authenticationFile;
        private Optional<TokenWebhookConfig> tokenWebhook;
        private Optional<Path> authorizationFile;
        private AggregationConfig aggregation;
        private Optional<Path> admissionFile;

        Draft(ApiServerConfig from) {
            port = from.port;
            grpcPort = from.grpcPort;
            advertiseAddress = from.advertiseAddress;
            audit = from.audit;
            encryptionFile = from.encryptionFile;
            authenticationFile = from.authenticationFile;
            tokenWebhook = from.tokenWebhook;
            aggregation = from.aggregation;
            authorizationFile = from.authorizationFile;
            admissionFile = from.admissionFile;
        }
    }

    /** What holds where the file says nothing; null: required. */
    static ApiServerConfig defaults() {
        return new ApiServerConfig(
                "0.0.0.0",
                6443,
                6444,
                "",
                null,
                null,
                null,
                new ServiceAccounts(null, null, "https://kubernetes.default.svc.cluster.local"),
                new Services(null, null),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                AggregationConfig.NONE,
                Optional.empty());
    }

    /** @param endpoints such as {@code https://127.0.0.1:2379} */
    public record Etcd(List<String> endpoints, Path caFile, Path certFile, Path keyFile) {}

    /** PEM files of one end of a connection. */
    public record Tls(Path certFile, Path keyFile, Path caFile) {}

    /**
     * @param signingKeyFile signs tokens
     * @param publicKeyFiles verify them
     * @param issuer null for the cluster's usual one
     */
    public record ServiceAccounts(Path signingKeyFile, List<Path> publicKeyFiles, String issuer) {}

    /**
     * @param clusterIpRange of cluster IPs, null for 10.96.0.0/16
     * @param nodePortRange such as {@code 30000-32767}, which null means
     */
    public record Services(String clusterIpRange, String nodePortRange) {
        public Services {
            clusterIpRange = clusterIpRange == null ? "10.96.0.0/16" : clusterIpRange;
            nodePortRange = nodePortRange == null ? "30000-32767" : nodePortRange;
        }
    }
}

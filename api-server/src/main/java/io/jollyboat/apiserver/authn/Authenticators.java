package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.auth.Authenticated;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.RequestAuthenticator;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.remote.Kubeconfig;
import io.jollyboat.apiserver.remote.ReviewClient;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All authenticators of a server: certificate first, then token; whoever brings neither is anonymous or nobody. */
public final class Authenticators implements RequestAuthenticator, AutoCloseable {
    private static final Log LOG = Log.of(Authenticators.class);

    private static final Duration WEBHOOK_TIMEOUT = Duration.ofSeconds(30);

    private final Optional<FrontProxyAuthenticator> proxies;
    private final ClientCertAuthenticator certificates;
    private final TokenAuthenticator tokens;
    private final List<String> audiences;
    private final AnonymousPaths anonymous;
    private final JwtIssuers issuers;

    private Authenticators(
            Optional<FrontProxyAuthenticator> proxies,
            ClientCertAuthenticator certificates,
            TokenAuthenticator tokens,
            List<String> audiences,
            AnonymousPaths anonymous,
            JwtIssuers issuers) {
        this.proxies = proxies;
        this.certificates = certificates;
        this.tokens = tokens;
        this.audiences = List.copyOf(audiences);
        this.anonymous = anonymous;
        this.issuers = issuers;
    }

    /**
     * @param clientAuthorities certificates of those who sign client certificates
     * @param issuers whose tokens are known; the first issues the server's own
     * @param audiences that the server answers to
     * @param labels for Secrets with tokens, when they are used
     * @param file of other issuers of tokens, and what is open to everyone; empty for none, and the usual
     * @param webhook asked of tokens that nobody else knows
     * @throws IllegalArgumentException that says what is wrong in the file
     */
    public static Authenticators build(
            Path clientAuthorities,
            List<String> issuers,
            List<String> audiences,
            TokenKeys keys,
            ObjectLookup objects,
            LiveObjects live,
            SecretLabels labels,
            Optional<Path> file,
            Optional<TokenAuthenticator> webhook,
            Metrics metrics,
            Runtime runtime) {
        TokenUses uses = new TokenUses(metrics);
        JwtIssuers others = new JwtIssuers(file, audiences, issuers, runtime);
        List<TokenAuthenticator> kinds = new ArrayList<>(List.of(
                new ServiceAccountTokenAuthenticator(
                        Set.copyOf(issuers), audiences, keys, objects, live, uses, runtime),
                new LegacyTokenAuthenticator(audiences, keys, objects, live, labels, uses, runtime),
                new BootstrapTokenAuthenticator(audiences, objects, runtime)));
        kinds.add(others);
        webhook.ifPresent(kinds::add);
        return new Authenticators(
                Optional.empty(),
                new ClientCertAuthenticator(clientAuthorities, runtime),
                new TokenAuthenticators(kinds),
                audiences,
                AnonymousPaths.of(others.anonymous()),
                others);
    }

    /** The same, which also believe proxies when they name somebody. */
    public Authenticators behind(FrontProxyConfig config, Runtime runtime) {
        return new Authenticators(
                Optional.of(new FrontProxyAuthenticator(config, runtime)),
                certificates,
                tokens,
                audiences,
                anonymous,
                issuers);
    }

    /** Reads the file of other issuers again. */
    public void reload() {
        issuers.reload();
    }

    /** A webhook as the settings tell. */
    public static TokenAuthenticator webhook(
            TokenWebhookConfig config, List<String> audiences, HttpCaller calls, Runtime runtime) {
        Kubeconfig server;
        try {
            server = Kubeconfig.read(config.configFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tokenWebhook.configFile: " + e.getMessage(), e);
        }
        ReviewClient client = new ReviewClient(calls, runtime, server, WEBHOOK_TIMEOUT);
        return new WebhookTokenAuthenticator(client, config.version(), audiences, config.cacheTtl(), runtime);
    }

    /** For TokenReview. */
    public TokenAuthenticator tokens() {
        return tokens;
    }

    /** What tokens for this server are for. */
    public List<String> audiences() {
        return audiences;
    }

    @Override
    public Authenticated authenticate(Credentials credentials, String path) {
        List<String> refusals = new ArrayList<>();
        Optional<Authenticated> user = byProxy(credentials, refusals).map(Authenticated::new);
        if (user.isEmpty()) {
            user = byCertificate(credentials, refusals).map(Authenticated::new);
        }
        if (user.isEmpty()) {
            user = byToken(credentials, refusals);
        }
        if (user.isPresent()) {
            return authenticated(user.get());
        }
        // Wrong credentials are refused even where none are needed.
        if (refusals.isEmpty() && anonymous.allows(path)) {
            return new Authenticated(UserInfo.ANONYMOUS);
        }
        LOG.debug("request is not authenticated", "path", path, "reasons", refusals);
        throw ApiException.of(401, "Unauthorized", "Unauthorized");
    }

    private Optional<UserInfo> byProxy(Credentials credentials, List<String> refusals) {
        if (proxies.isEmpty()) {
            return Optional.empty();
        }
        try {
            return proxies.get().authenticate(credentials);
        } catch (Unauthenticated e) {
            refusals.add(e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<UserInfo> byCertificate(Credentials credentials, List<String> refusals) {
        try {
            return certificates.authenticate(credentials.chain());
        } catch (Unauthenticated e) {
            refusals.add(e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Authenticated> byToken(Credentials credentials, List<String> refusals) {
        if (credentials.bearerToken() == null || credentials.bearerToken().isEmpty()) {
            return Optional.empty();
        }
        return switch (tokens.authenticate(credentials.bearerToken(), audiences)) {
            case TokenAuthenticator.Result.Holds holds ->
                Optional.of(new Authenticated(holds.user(), holds.warnings(), holds.notes()));
            case TokenAuthenticator.Result.Refused refused -> {
                refusals.add(refused.reason().isEmpty() ? "invalid bearer token" : refused.reason());
                yield Optional.empty();
            }
        };
    }

    private static Authenticated authenticated(Authenticated told) {
        UserInfo user = told.user();
        if (user.groups().contains(Groups.AUTHENTICATED)) {
            return told;
        }
        List<String> groups = new ArrayList<>(user.groups());
        groups.add(Groups.AUTHENTICATED);
        return new Authenticated(
                new UserInfo(user.name(), user.uid(), List.copyOf(groups), user.extra()),
                told.warnings(),
                told.notes());
    }

    @Override
    public void close() {
        issuers.close();
    }
}

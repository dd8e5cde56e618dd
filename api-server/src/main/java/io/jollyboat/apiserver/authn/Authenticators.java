package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.RequestAuthenticator;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.JwtAuthenticator;
import io.jollyboat.apiserver.authn.oidc.OidcAuthenticator;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All authenticators of a server: certificate first, then token; whoever brings neither is anonymous or nobody. */
public final class Authenticators implements RequestAuthenticator, AutoCloseable {
    private static final Log LOG = Log.of(Authenticators.class);

    private final ClientCertAuthenticator certificates;
    private final TokenAuthenticator tokens;
    private final List<String> audiences;
    private final AnonymousPaths anonymous;
    private final List<OidcAuthenticator> issuers;

    private Authenticators(
            ClientCertAuthenticator certificates,
            TokenAuthenticator tokens,
            List<String> audiences,
            AnonymousPaths anonymous,
            List<OidcAuthenticator> issuers) {
        this.certificates = certificates;
        this.tokens = tokens;
        this.audiences = List.copyOf(audiences);
        this.anonymous = anonymous;
        this.issuers = List.copyOf(issuers);
    }

    /**
     * @param clientAuthorities certificates of those who sign client certificates
     * @param issuers whose tokens are known; the first issues the server's own
     * @param audiences that the server answers to
     * @param labels for Secrets with tokens, when they are used
     * @param configured other issuers of tokens, and what is open to everyone; empty for none, and the usual
     */
    public static Authenticators build(
            Path clientAuthorities,
            List<String> issuers,
            List<String> audiences,
            TokenKeys keys,
            ObjectLookup objects,
            LiveObjects live,
            SecretLabels labels,
            Optional<AuthenticationConfiguration> configured,
            Runtime runtime) {
        List<OidcAuthenticator> others = new ArrayList<>();
        List<JwtAuthenticator> jwt =
                configured.map(AuthenticationConfiguration::jwt).orElse(List.of());
        for (int i = 0; i < jwt.size(); i++) {
            others.add(new OidcAuthenticator("jwt[" + i + "]", jwt.get(i), audiences, runtime));
        }
        List<TokenAuthenticator> kinds = new ArrayList<>(List.of(
                new LegacyTokenAuthenticator(audiences, keys, objects, live, labels, runtime),
                new ServiceAccountTokenAuthenticator(Set.copyOf(issuers), keys, objects, live, runtime),
                new BootstrapTokenAuthenticator(audiences, objects, runtime)));
        kinds.addAll(others);
        return new Authenticators(
                new ClientCertAuthenticator(clientAuthorities, runtime),
                new TokenAuthenticators(kinds),
                audiences,
                AnonymousPaths.of(configured.flatMap(AuthenticationConfiguration::anonymous)),
                others);
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
    public UserInfo authenticate(Credentials credentials, String path) {
        List<String> refusals = new ArrayList<>();
        Optional<UserInfo> user = byCertificate(credentials, refusals);
        if (user.isEmpty()) {
            user = byToken(credentials, refusals);
        }
        if (user.isPresent()) {
            return authenticated(user.get());
        }
        // Wrong credentials are refused even where none are needed.
        if (refusals.isEmpty() && anonymous.allows(path)) {
            return UserInfo.ANONYMOUS;
        }
        LOG.debug("request is not authenticated", "path", path, "reasons", refusals);
        throw ApiException.of(401, "Unauthorized", "Unauthorized");
    }

    private Optional<UserInfo> byCertificate(Credentials credentials, List<String> refusals) {
        try {
            return certificates.authenticate(credentials.chain());
        } catch (Unauthenticated e) {
            refusals.add(e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<UserInfo> byToken(Credentials credentials, List<String> refusals) {
        if (credentials.bearerToken() == null || credentials.bearerToken().isEmpty()) {
            return Optional.empty();
        }
        return switch (tokens.authenticate(credentials.bearerToken(), audiences)) {
            case TokenAuthenticator.Result.Holds holds -> Optional.of(holds.user());
            case TokenAuthenticator.Result.Refused refused -> {
                refusals.add(refused.reason().isEmpty() ? "invalid bearer token" : refused.reason());
                yield Optional.empty();
            }
        };
    }

    private static UserInfo authenticated(UserInfo user) {
        if (user.groups().contains(Groups.AUTHENTICATED)) {
            return user;
        }
        List<String> groups = new ArrayList<>(user.groups());
        groups.add(Groups.AUTHENTICATED);
        return new UserInfo(user.name(), user.uid(), List.copyOf(groups), user.extra());
    }

    @Override
    public void close() {
        issuers.forEach(OidcAuthenticator::close);
    }
}

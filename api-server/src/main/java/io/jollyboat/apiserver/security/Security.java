package io.jollyboat.apiserver.security;

import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.SelfSubjectReview;
import io.jollyboat.api.authentication.v1.TokenReview;
import io.jollyboat.api.authorization.v1.LocalSubjectAccessReview;
import io.jollyboat.api.authorization.v1.SelfSubjectAccessReview;
import io.jollyboat.api.authorization.v1.SelfSubjectRulesReview;
import io.jollyboat.api.authorization.v1.SubjectAccessReview;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.LiveObjects;
import io.jollyboat.apiserver.auth.ObjectLookup;
import io.jollyboat.apiserver.auth.RequestAuthenticator;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authn.Authenticators;
import io.jollyboat.apiserver.authn.IdentityReviews;
import io.jollyboat.apiserver.authz.AccessReviews;
import io.jollyboat.apiserver.authz.AuthorizationFile;
import io.jollyboat.apiserver.authz.Authorizers;
import io.jollyboat.apiserver.authz.EscalationCheck;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.tokens.OidcDocuments;
import io.jollyboat.apiserver.tokens.TokenIssuer;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.Pem;
import java.util.List;
import java.util.Optional;

/** All of the server's security, put together. */
public final class Security implements AutoCloseable {
    private final CacheObjectLookup objects;
    private final Authenticators authenticators;
    private final Authorizers authorizers;
    private final IdentityReviews identities;
    private final Optional<AuthorizationFile> authorizationFile;
    private final HttpCaller calls;
    private final TokenIssuer tokenIssuer;
    private final OidcDocuments oidc;

    /**
     * @param nodeRules what all nodes may do alike
     * @throws IllegalArgumentException that says what is wrong in one of the files
     */
    public Security(
            SecurityConfig config,
            ObjectStorages storages,
            List<PolicyRule> nodeRules,
            Metrics metrics,
            Runtime runtime) {
        TokenKeys keys = new TokenKeys(
                Pem.privateKey(config.serviceAccountKey()),
                config.serviceAccountPublicKeys().stream().map(Pem::publicKey).toList());
        List<String> audiences = List.of(config.issuer());
        this.objects = new CacheObjectLookup(storages, runtime);
        this.calls = new HttpCaller(runtime);
        Authenticators direct = Authenticators.build(
                config.clientAuthorities(),
                List.of(config.issuer()),
                audiences,
                keys,
                objects,
                objects.live(),
                new StoredSecretLabels(storages),
                config.authenticationFile(),
                config.tokenWebhook().map(webhook -> Authenticators.webhook(webhook, audiences, calls, runtime)),
                metrics,
                runtime);
        this.authenticators =
                config.proxies().map(proxies -> direct.behind(proxies, runtime)).orElse(direct);
        this.authorizers = Authorizers.build(objects, nodeRules);
        this.authorizationFile =
                config.authorizationFile().map(file -> AuthorizationFile.open(file, authorizers, calls, runtime));
        this.identities = new IdentityReviews(authenticators.tokens(), audiences, runtime);
        this.tokenIssuer =
                new TokenIssuer(config.issuer(), audiences, config.maxTokenSeconds(), keys, objects.live(), runtime);
        this.oidc = new OidcDocuments(config.issuer(), config.externalUrl(), keys);
    }

    /** Begins to follow roles, bindings and what nodes may read. The storages must have been started. */
    public void start() {
        objects.start();
    }

    /** Looks whether the files of authentication and authorization say something else now. */
    public void reload() {
        authenticators.reload();
        authorizationFile.ifPresent(AuthorizationFile::reload);
    }

    /** Whether authorization knows all rules there were at the start; before that it allows too little. */
    public boolean ready() {
        return objects.hasSynced();
    }

    public RequestAuthenticator authenticator() {
        return authenticators;
    }

    public Authorizer authorizer() {
        return authorizers;
    }

    /** Reads of what the caches know. */
    public ObjectLookup objects() {
        return objects;
    }

    /** Reads of the newest state, for admission. */
    public LiveObjects live() {
        return objects.live();
    }

    /** For writes of the four RBAC kinds. */
    public EscalationCheck escalation() {
        return authorizers.escalation();
    }

    /** For the {@code token} subresource of service accounts. */
    public TokenIssuer tokenIssuer() {
        return tokenIssuer;
    }

    /** The documents of OpenID discovery. */
    public OidcDocuments oidc() {
        return oidc;
    }

    /**
     * Answers a review: an object that is created but never stored.
     *
     * @param namespace of the request, empty at cluster scope
     * @param notes on a token that is asked about
     * @return the review with its status; empty when the object is no review
     */
    public Optional<Message> review(UserInfo user, String namespace, Message object, IdentityReviews.Notes notes) {
        AccessReviews access = authorizers.reviews();
        return switch (object) {
            case SelfSubjectAccessReview review -> Optional.of(access.self(user, review));
            case SubjectAccessReview review -> Optional.of(access.subject(review));
            case LocalSubjectAccessReview review -> Optional.of(access.local(namespace, review));
            case SelfSubjectRulesReview review -> Optional.of(access.rules(user, review));
            case SelfSubjectReview any -> Optional.of(identities.self(user));
            case TokenReview review -> Optional.of(identities.token(review, notes));
            default -> Optional.empty();
        };
    }

    @Override
    public void close() {
        authenticators.close();
        calls.close();
        objects.close();
    }
}

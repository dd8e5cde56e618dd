package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.Anonymous;
import io.jollyboat.apiserver.authn.oidc.AuthenticationConfiguration.JwtAuthenticator;
import io.jollyboat.apiserver.authn.oidc.OidcAuthenticator;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The other issuers of tokens that a file names, also when it changes; a file that cannot be used changes nothing. */
final class JwtIssuers implements TokenAuthenticator, AutoCloseable {
    private static final Log LOG = Log.of(JwtIssuers.class);

    private final Optional<Path> file;
    private final List<String> audiences;
    private final List<String> ownIssuers;
    private final Runtime runtime;
    private final Optional<Anonymous> anonymous;
    private volatile Current current;
    private String text;

    private record Current(List<OidcAuthenticator> issuers, TokenAuthenticators tokens) {
        static Current of(List<OidcAuthenticator> issuers) {
            return new Current(List.copyOf(issuers), new TokenAuthenticators(List.copyOf(issuers)));
        }
    }

    /**
     * @param file empty for no other issuers
     * @param ownIssuers whose tokens nobody else may issue
     * @throws IllegalArgumentException that says what is wrong in the file
     */
    JwtIssuers(Optional<Path> file, List<String> audiences, List<String> ownIssuers, Runtime runtime) {
        this.file = file;
        this.audiences = List.copyOf(audiences);
        this.ownIssuers = List.copyOf(ownIssuers);
        this.runtime = runtime;
        if (file.isEmpty()) {
            this.anonymous = Optional.empty();
            this.current = Current.of(List.of());
            return;
        }
        try {
            this.text = Files.readString(file.get());
            AuthenticationConfiguration config = parse(text);
            this.anonymous = config.anonymous();
            this.current = Current.of(issuers(config));
        } catch (IOException e) {
            throw new IllegalArgumentException("authenticationFile: " + file.get() + " cannot be read: " + e, e);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new IllegalArgumentException("authenticationFile: " + e.getMessage(), e);
        }
    }

    /** What the file said of it at the start; it cannot say anything else later. */
    Optional<Anonymous> anonymous() {
        return anonymous;
    }

    /** Reads the file again. */
    synchronized void reload() {
        if (file.isEmpty()) {
            return;
        }
        try {
            String now = Files.readString(file.get());
            if (now.equals(text)) {
                return;
            }
            text = now;
            AuthenticationConfiguration config = parse(now);
            if (!config.anonymous().equals(anonymous)) {
                throw new IllegalArgumentException("anonymous: Forbidden: changed from initial configuration file");
            }
            Current before = current;
            current = Current.of(issuers(config));
            before.issuers().forEach(OidcAuthenticator::close);
            LOG.info("reloaded authentication config", "file", file.get());
        } catch (IOException | ConfigException | IllegalArgumentException e) {
            LOG.error("reloading authentication config: what it said before holds", "reason", e.getMessage());
        }
    }

    private AuthenticationConfiguration parse(String from) throws ConfigException {
        return ConfigLoader.parse(from, file.orElseThrow(), AuthenticationConfiguration.class);
    }

    private List<OidcAuthenticator> issuers(AuthenticationConfiguration config) {
        List<OidcAuthenticator> issuers = new ArrayList<>();
        for (int i = 0; i < config.jwt().size(); i++) {
            JwtAuthenticator one = config.jwt().get(i);
            if (ownIssuers.contains(one.issuer().url())) {
                throw new IllegalArgumentException("jwt[" + i + "].issuer.url: Invalid value: \""
                        + one.issuer().url() + "\": URL must not overwrite disallowed issuers: ["
                        + String.join(" ", ownIssuers) + "]");
            }
            issuers.add(new OidcAuthenticator("jwt[" + i + "]", one, audiences, runtime));
        }
        return issuers;
    }

    @Override
    public Result authenticate(String token, List<String> wanted) {
        return current.tokens().authenticate(token, wanted);
    }

    @Override
    public void close() {
        current.issuers().forEach(OidcAuthenticator::close);
    }
}

package io.jollyboat.apiserver.authz;

import io.jollyboat.apiserver.authz.AuthorizationConfiguration.AuthorizerEntry;
import io.jollyboat.apiserver.authz.AuthorizationConfiguration.Webhook;
import io.jollyboat.apiserver.authz.Authorizers.Link;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.remote.Kubeconfig;
import io.jollyboat.apiserver.remote.ReviewClient;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the authorizers as a file tells, also when it changes; a file that cannot be used changes nothing. */
public final class AuthorizationFile {
    private static final Log LOG = Log.of(AuthorizationFile.class);

    private final Path file;
    private final Authorizers authorizers;
    private final HttpCaller calls;
    private final Runtime runtime;
    /** What the file names at the start, but webhooks, it must name ever after, and nothing new: as upstream. */
    private final Set<String> fixed = new HashSet<>();

    private boolean started;
    private String text;

    private AuthorizationFile(Path file, Authorizers authorizers, HttpCaller calls, Runtime runtime) {
        this.file = file;
        this.authorizers = authorizers;
        this.calls = calls;
        this.runtime = runtime;
    }

    /** @throws IllegalArgumentException that says all that is wrong in the file */
    public static AuthorizationFile open(Path file, Authorizers authorizers, HttpCaller calls, Runtime runtime) {
        AuthorizationFile opened = new AuthorizationFile(file, authorizers, calls, runtime);
        try {
            opened.text = Files.readString(file);
            AuthorizationConfiguration config = opened.parse(opened.text);
            List<Link> links = opened.links(config);
            config.authorizers().stream()
                    .filter(entry -> !entry.isWebhook())
                    .forEach(entry -> opened.fixed.add(entry.type().orElseThrow()));
            opened.started = true;
            authorizers.replace(links);
            return opened;
        } catch (IOException e) {
            throw new IllegalArgumentException("authorizationFile: " + file + " cannot be read: " + e, e);
        } catch (ConfigException | IllegalArgumentException e) {
            throw new IllegalArgumentException("authorizationFile: " + e.getMessage(), e);
        }
    }

    /** Reads the file again. */
    public synchronized void reload() {
        try {
            String now = Files.readString(file);
            if (now.equals(text)) {
                return;
            }
            text = now;
            authorizers.replace(links(parse(now)));
            LOG.info("reloaded authz config", "file", file);
        } catch (IOException | ConfigException | IllegalArgumentException e) {
            LOG.error("reloading authorization config: what it said before holds", "reason", e.getMessage());
        }
    }

    private AuthorizationConfiguration parse(String from) throws ConfigException {
        AuthorizationConfiguration config = ConfigLoader.parse(from, file, AuthorizationConfiguration.class);
        List<String> errors = AuthorizationCheck.errors(config, fixed);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(file + ": " + GoText.aggregate(errors));
        }
        return config;
    }

    private List<Link> links(AuthorizationConfiguration config) {
        List<Link> links = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (AuthorizerEntry entry : config.authorizers()) {
            String type = entry.type().orElseThrow();
            switch (type) {
                case "Node" -> links.add(known(type, authorizers.nodes(), errors));
                case "RBAC" -> links.add(known(type, authorizers.rbac(), errors));
                case "AlwaysAllow" -> links.add(Link.ALLOW);
                case "AlwaysDeny" -> links.add(Link.DENY);
                default -> {
                    try {
                        links.add(webhook(
                                entry.name().orElseThrow(), entry.webhook().orElseThrow()));
                    } catch (IllegalArgumentException e) {
                        errors.add(e.getMessage());
                    }
                }
            }
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(GoText.aggregate(errors));
        }
        return links;
    }

    private Link known(String type, Link link, List<String> errors) {
        if (started && !fixed.contains(type)) {
            errors.add("authorizer type " + type + " is not allowed if it was not enabled at initial server startup");
        }
        return link;
    }

    private Link webhook(String name, Webhook webhook) {
        Kubeconfig server = Kubeconfig.read(
                Path.of(webhook.connectionInfo().kubeConfigFile().orElseThrow()));
        ReviewClient client = new ReviewClient(calls, runtime, server, webhook.timeout());
        return Link.webhook(new WebhookAuthorizer(name, webhook, client, runtime));
    }
}

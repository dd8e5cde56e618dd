package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.aggregation.RemoteApi;
import io.jollyboat.apiserver.audit.AuditLog;
import io.jollyboat.apiserver.audit.RequestAudit;
import io.jollyboat.apiserver.auth.Authenticated;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authz.Impersonation;
import io.jollyboat.apiserver.flow.FlowControl;
import io.jollyboat.apiserver.flow.Rejection;
import io.jollyboat.apiserver.request.AccessGate;
import io.jollyboat.apiserver.request.QueryParams;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.storage.StoreException;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.exc.StreamConstraintsException;

/** The way of each HTTP request: who, may he, what, and how it ended. Lets no exception escape. */
final class RequestDispatcher implements HttpListener.RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);

    /** How long a watch may wait for its seats; of other requests it is a part of their time. */
    private static final Duration WATCH_WAIT = Duration.ofSeconds(15);

    private static final int PART_TO_WAIT = 4;

    private final Runtime runtime;
    private final AccessGate gate;
    private final ResourceHandler resources;
    private final NonResourceHandler others;
    private final RequestMetrics metrics;
    private final FlowControl flow;
    private final RequestWidths widths;
    private final AuditLog audit;
    private final InFlight inFlight;
    private final Aggregation aggregation;
    private final RemoteProxy remotes;

    RequestDispatcher(
            Runtime runtime,
            AccessGate gate,
            ResourceHandler resources,
            NonResourceHandler others,
            RequestMetrics metrics,
            FlowControl flow,
            RequestWidths widths,
            Optional<AuditLog> audit,
            InFlight inFlight,
            Aggregation aggregation,
            RemoteProxy remotes) {
        this.aggregation = aggregation;
        this.remotes = remotes;
        this.inFlight = inFlight;
        this.runtime = runtime;
        this.gate = gate;
        this.resources = resources;
        this.others = others;
        this.metrics = metrics;
        this.flow = flow;
        this.widths = widths;
        this.audit = audit.orElse(null);
    }

    @Override
    public void handle(HttpExchange exchange) {
        long begun = runtime.nanoTime();
        RequestInfo info = null;
        Runtime.Timer limit = null;
        boolean counted = false;
        try {
            String auditId = auditId(exchange);
            exchange.addHeader("Audit-Id", auditId);
            exchange.addHeader("Cache-Control", "no-cache, private");
            info = info(exchange);
            TimeLimit time = isLong(info) ? null : TimeLimit.of(info, exchange.query());
            if (time != null) {
                inFlight.begun(info.verb());
                counted = true;
                limit = limit(exchange, time, auditId);
            }
            serve(exchange, info, time, auditId);
        } catch (ApiException e) {
            fail(exchange, e);
        } catch (PlainReply e) {
            exchange.addHeader("X-Content-Type-Options", "nosniff");
            exchange.reply(e.reply());
        } catch (StoreException e) {
            fail(exchange, e.toApiException());
        } catch (StreamConstraintsException e) {
            // Deeper, or with longer numbers, than a tree can be; upstream goes to 10,000 levels.
            fail(exchange, ApiException.badRequest("json: " + e.getOriginalMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(exchange, ApiException.of(503, "ServiceUnavailable", "the server is shutting down"));
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            LOG.error("request failed method={} path={}", exchange.method(), exchange.path(), e);
            if (exchange.audit() != null) {
                exchange.audit().panicked(String.valueOf(e.getMessage()));
            }
            fail(exchange, ApiException.internal(String.valueOf(e.getMessage())));
        } finally {
            if (exchange.audit() != null) {
                exchange.audit().complete();
            }
            if (limit != null) {
                limit.cancel();
            }
            if (counted) {
                inFlight.ended(info.verb());
            }
            metrics.done(info, exchange, runtime.nanoTime() - begun);
        }
    }

    /** Who works on the request goes on when its time is over, as upstream's do; nobody hears of the result. */
    private Runtime.Timer limit(HttpExchange exchange, TimeLimit limit, String auditId) {
        return runtime.schedule(
                limit.duration(),
                () -> exchange.expire(failure(exchange, limit.exceeded()).with("Audit-Id", auditId)));
    }

    /** @param time null for a request that may last */
    private void serve(HttpExchange exchange, RequestInfo info, TimeLimit time, String auditId)
            throws InterruptedException {
        Authenticated authenticated = authenticated(exchange, info, auditId);
        UserInfo caller = authenticated.user();
        if (audit != null) {
            audited(exchange, info, authenticated, auditId, time == null);
        }
        authenticated.warnings().forEach(warning -> ResourceHandler.warn(exchange, warning));
        Impersonation.Acting acting =
                gate.actingAs(caller, exchange.headers(), () -> attributes(exchange, info, caller));
        UserInfo user = acting.user();
        if (exchange.audit() != null && !user.equals(caller)) {
            exchange.audit().actingAs(user, acting.constraint());
        }
        if (time == null && !info.verb().equals("watch")) {
            admitted(exchange, info, user);
            return;
        }
        FlowControl.Classified flowing = flow.classify(info, user);
        exchange.addHeader("X-Kubernetes-Pf-Flowschema-Uid", flowing.schemaUid());
        exchange.addHeader("X-Kubernetes-Pf-Prioritylevel-Uid", flowing.levelUid());
        Duration wait = time == null ? WATCH_WAIT : time.duration().dividedBy(PART_TO_WAIT);
        try (FlowControl.Seats seats = flowing.enter(widths.of(info, exchange.query()), wait, exchange::onGone)) {
            // A watch gives its seats back once it has what there was when it came.
            exchange.onSettled(seats::close);
            admitted(exchange, info, user);
        } catch (Rejection e) {
            exchange.addHeader("Retry-After", Long.toString(e.retryAfterSeconds()));
            throw new PlainReply(Reply.text(429, "Too many requests, please try again later.\n"));
        }
    }

    private Authenticated authenticated(HttpExchange exchange, RequestInfo info, String auditId) {
        try {
            return gate.authenticate(credentials(exchange), info.path());
        } catch (ApiException e) {
            if (audit != null && e.code() == 401) {
                audited(exchange, info, new Authenticated(new UserInfo("", List.of())), auditId, true);
                if (exchange.audit() != null) {
                    exchange.audit().unauthenticated(AuditFacts.attempted(exchange));
                }
            }
            throw e;
        }
    }

    private void audited(HttpExchange exchange, RequestInfo info, Authenticated told, String auditId, boolean lasts) {
        UserInfo caller = told.user();
        RequestAudit begun =
                audit.begin(AccessGate.attributes(caller, info, "", ""), AuditFacts.of(exchange, auditId, lasts));
        if (begun != null) {
            exchange.audit(begun);
            told.notes().forEach(begun::add);
            if (!caller.name().isEmpty()) {
                begun.received();
            }
        }
    }

    private void admitted(HttpExchange exchange, RequestInfo info, UserInfo user) throws InterruptedException {
        gate.authorize(attributes(exchange, info, user), exchange.notes());
        boolean lasts = isLong(info);
        if (lasts) {
            metrics.lasting(info, exchange, 1);
        }
        try {
            handle(exchange, info, user);
        } finally {
            if (lasts) {
                metrics.lasting(info, exchange, -1);
            }
        }
    }

    private void handle(HttpExchange exchange, RequestInfo info, UserInfo user) throws InterruptedException {
        RemoteApi remote = aggregation.find(info.path());
        if (remote != null) {
            remotes.handle(exchange, info, remote, user);
        } else if (info.resourceRequest()) {
            resources.handle(exchange, info, user);
        } else {
            others.handle(exchange, info, user);
        }
    }

    private static RequestAttributes attributes(HttpExchange exchange, RequestInfo info, UserInfo user) {
        QueryParams query = exchange.query();
        return AccessGate.attributes(user, info, query.text("labelSelector"), query.text("fieldSelector"));
    }

    private static RequestInfo info(HttpExchange exchange) {
        QueryParams query = exchange.query();
        return RequestInfo.parse(
                exchange.method(),
                exchange.path(),
                query.flag("watch"),
                RequestInfo.selectedName(query.text("fieldSelector")));
    }

    private static Credentials credentials(HttpExchange exchange) {
        String header = exchange.header("Authorization");
        String token = null;
        if (header != null) {
            // As upstream: what follows the token does not count, and two spaces before it make it none.
            String[] parts = header.strip().split(" ", 3);
            boolean bearer = parts.length > 1 && parts[0].equalsIgnoreCase("Bearer");
            token = bearer && !parts[1].isEmpty() ? parts[1] : null;
        }
        return new Credentials(exchange.peer().chain(), token, exchange.headers());
    }

    private String auditId(HttpExchange exchange) {
        String given = exchange.header("Audit-ID");
        if (given != null && !given.isEmpty() && given.length() <= 64) {
            return given;
        }
        RandomGenerator random = runtime.random();
        return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Requests that may last are not counted among those in flight. */
    private static boolean isLong(RequestInfo info) {
        return switch (info.subresource()) {
            case "exec", "attach", "portforward", "proxy", "log" -> true;
            default -> info.verb().equals("watch");
        };
    }

    private static void fail(HttpExchange exchange, ApiException failure) {
        if (exchange.answered()) {
            // Part of the answer is out: cut it, so that the client does not take it for the whole.
            exchange.abort();
            return;
        }
        if (failure.status().getDetails().getRetryAfterSeconds() > 0) {
            exchange.addHeader(
                    "Retry-After",
                    Integer.toString(failure.status().getDetails().getRetryAfterSeconds()));
        }
        exchange.reply(failure(exchange, failure));
    }

    private static Reply failure(HttpExchange exchange, ApiException failure) {
        Representation how = Negotiation.error(exchange.header("Accept"));
        byte[] body = Renderer.message(failure.status(), "v1", "Status", how);
        return Reply.of(failure.code(), how.format().mediaType(), body);
    }
}

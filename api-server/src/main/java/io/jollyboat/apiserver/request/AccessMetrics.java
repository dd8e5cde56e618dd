package io.jollyboat.apiserver.request;

import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Set;

/** Counts who was known and who was allowed what, and how long it took to find out, under upstream's names. */
final class AccessMetrics {
    /** Other names are not shown: they are anybody's. */
    private static final Set<String> NAMES =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

    private static final String RESULT = "result";

    private final Runtime runtime;
    private final Result known;
    private final Result unknown;
    private final Result allowed;
    private final Result denied;
    private final Result noOpinion;
    private final Result error;
    private final Counter users;
    private final CounterDataPoint others;

    private record Result(CounterDataPoint count, DistributionDataPoint seconds) {
        void add(double took) {
            count.inc();
            seconds.observe(took);
        }
    }

    AccessMetrics(Metrics metrics, Runtime runtime) {
        this.runtime = runtime;
        Counter attempts = metrics.bareCounter("authentication_attempts", "Attempts to find out who asks.", RESULT);
        Histogram authentication = metrics.histogram(
                "authentication_duration_seconds", "How long it took to find out who asks.", bounds(), RESULT);
        this.known = result(attempts, authentication, "success");
        this.unknown = result(attempts, authentication, "error");
        this.users = metrics.bareCounter("authenticated_user_requests", "Requests by user.", "username");
        this.others = users.labelValues("other");
        Counter decisions =
                metrics.counter("authorization_attempts_total", "Questions whether a user may do something.", RESULT);
        Histogram authorization = metrics.histogram(
                "authorization_duration_seconds", "How long it took to answer them.", bounds(), RESULT);
        this.allowed = result(decisions, authorization, "allowed");
        this.denied = result(decisions, authorization, "denied");
        this.noOpinion = result(decisions, authorization, "no-opinion");
        this.error = result(decisions, authorization, "error");
    }

    private static Result result(Counter counter, Histogram histogram, String result) {
        return new Result(counter.labelValues(result), histogram.labelValues(result));
    }

    private static double[] bounds() {
        double[] bounds = new double[15];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = (1 << i) / 1e3;
        }
        return bounds;
    }

    long now() {
        return runtime.nanoTime();
    }

    private double since(long begun) {
        return (runtime.nanoTime() - begun) / 1e9;
    }

    void known(String user, long begun) {
        known.add(since(begun));
        if (NAMES.contains(user)) {
            users.labelValues(user).inc();
        } else if (user.indexOf('@') >= 0) {
            users.labelValues("email_id").inc();
        } else {
            others.inc();
        }
    }

    void unknown(long begun) {
        unknown.add(since(begun));
    }

    void decided(Decision decision, long begun) {
        Result result = switch (decision.verdict()) {
            case ALLOW -> allowed;
            case DENY -> decision.error().isEmpty() ? denied : error;
            case NO_OPINION -> decision.error().isEmpty() ? noOpinion : error;
        };
        result.add(since(begun));
    }
}

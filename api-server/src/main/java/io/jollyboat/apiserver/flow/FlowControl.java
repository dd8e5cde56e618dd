package io.jollyboat.apiserver.flow;

import io.jollyboat.api.flowcontrol.v1.FlowSchema;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives requests their seats. Thread-safe; without objects there are the two mandatory levels. */
public final class FlowControl {
    /** Upstream's limits of reading and of mutating requests, together. */
    public static final int DEFAULT_SEATS = 600;

    private static final Comparator<FlowSchema> ORDER = Comparator.<FlowSchema>comparingInt(
                    schema -> schema.getSpec().getMatchingPrecedence())
            .thenComparing(schema -> schema.getMetadata().getName());

    private final Runtime runtime;
    private final Metrics metrics;
    private final int seats;
    private final Map<String, LevelMetrics> levelMetrics = new HashMap<>();
    private volatile Configured configured = new Configured(List.of(), Map.of());

    private record Configured(List<Flow> flows, Map<String, PriorityLevel> levels) {}

    /** @param seats requests served at one time, by all levels together */
    public FlowControl(Runtime runtime, Metrics metrics, int seats) {
        this.runtime = runtime;
        this.metrics = metrics;
        this.seats = seats;
        configure(List.of(), List.of());
    }

    /** From here on these hold; whoever waits or runs keeps his place. */
    public synchronized void configure(List<PriorityLevelConfiguration> wanted, List<FlowSchema> schemas) {
        Map<String, PriorityLevelConfiguration> named = new LinkedHashMap<>();
        wanted.stream().filter(FlowControl::isSound).forEach(level -> named.put(nameOf(level), level));
        Mandatory.LEVELS.forEach(level -> named.putIfAbsent(nameOf(level), level));
        double shares = named.values().stream()
                .mapToInt(level -> shares(level.getSpec()))
                .sum();
        Map<String, PriorityLevel> levels = new LinkedHashMap<>();
        named.forEach((name, level) -> {
            PriorityLevel known = configured.levels().get(name);
            PriorityLevel kept = known == null
                    ? new PriorityLevel(
                            runtime,
                            level,
                            levelMetrics.computeIfAbsent(name, ignored -> new LevelMetrics(metrics, name)))
                    : known;
            kept.configure(level, limits(level.getSpec(), shares));
            levels.put(name, kept);
        });
        configured = new Configured(flows(schemas, levels), Map.copyOf(levels));
        adjust();
    }

    private static List<Flow> flows(List<FlowSchema> schemas, Map<String, PriorityLevel> levels) {
        Map<String, FlowSchema> named = new LinkedHashMap<>();
        schemas.stream()
                .filter(schema -> levels.containsKey(
                        schema.getSpec().getPriorityLevelConfiguration().getName()))
                .forEach(schema -> named.put(schema.getMetadata().getName(), schema));
        Mandatory.SCHEMAS.forEach(
                schema -> named.putIfAbsent(schema.getMetadata().getName(), schema));
        return named.values().stream()
                .sorted(ORDER)
                .map(schema -> new Flow(
                        schema,
                        levels.get(
                                schema.getSpec().getPriorityLevelConfiguration().getName())))
                .toList();
    }

    private static String nameOf(PriorityLevelConfiguration level) {
        return level.getMetadata().getName();
    }

    /** What validation lets through is; older servers may have stored something else. */
    private static boolean isSound(PriorityLevelConfiguration level) {
        PriorityLevelConfigurationSpec spec = level.getSpec();
        return spec.getType().equals("Exempt") == nameOf(level).equals(Mandatory.EXEMPT)
                && spec.getType().equals("Limited") == spec.hasLimited();
    }

    private static int shares(PriorityLevelConfigurationSpec spec) {
        return spec.hasLimited()
                ? spec.getLimited().getNominalConcurrencyShares()
                : spec.getExempt().getNominalConcurrencyShares();
    }

    private SeatLimits limits(PriorityLevelConfigurationSpec spec, double allShares) {
        int nominal = allShares == 0 ? 0 : (int) Math.ceil(seats * shares(spec) / allShares);
        int lendablePercent = spec.hasLimited()
                ? spec.getLimited().getLendablePercent()
                : spec.getExempt().getLendablePercent();
        boolean bounded = spec.hasLimited() && spec.getLimited().hasBorrowingLimitPercent();
        int borrowed = bounded ? percent(nominal, spec.getLimited().getBorrowingLimitPercent()) : seats;
        return new SeatLimits(nominal, nominal - percent(nominal, lendablePercent), nominal + borrowed);
    }

    private static int percent(int of, int percent) {
        return (int) Math.round(of * percent / 100.0);
    }

    /** Shares out the seats anew, by what the levels wanted since the last time. */
    public synchronized void adjust() {
        List<PriorityLevel> limited = new ArrayList<>();
        List<Need> needs = new ArrayList<>();
        int total = 0;
        int left = 0;
        for (PriorityLevel level : configured.levels().values()) {
            Need need = level.need();
            total += need.limits().nominal();
            if (need.exempt()) {
                level.limit(need.kept());
                left -= need.kept();
            } else {
                limited.add(level);
                needs.add(need);
            }
        }
        left += total;
        int least = needs.stream().mapToInt(need -> need.limits().least()).sum();
        int kept = needs.stream().mapToInt(Need::kept).sum();
        double[] shared = SeatShares.of(total, needs.stream().map(Need::claim).toList());
        for (int i = 0; i < limited.size(); i++) {
            int own = needs.get(i).limits().least();
            if (left <= least) {
                limited.get(i).limit(own);
            } else if (left <= kept) {
                double part = (double) (left - least) / (kept - least);
                limited.get(i).limit(own + (int) Math.round((needs.get(i).kept() - own) * part));
            } else {
                limited.get(i).limit((int) Math.round(shared[i]));
            }
        }
    }

    /** Where a request belongs. */
    public Classified classify(RequestInfo info, UserInfo user) {
        List<Flow> flows = configured.flows();
        for (Flow flow : flows) {
            if (flow.matches(info, user)) {
                return new Classified(flow, info, user);
            }
        }
        Flow last = flows.stream()
                .filter(flow -> flow.name().equals(Mandatory.CATCH_ALL))
                .findFirst()
                .orElseThrow();
        return new Classified(last, info, user);
    }

    /** A request that knows its level. */
    public final class Classified {
        private final Flow flow;
        private final RequestInfo info;
        private final UserInfo user;

        private Classified(Flow flow, RequestInfo info, UserInfo user) {
            this.flow = flow;
            this.info = info;
            this.user = user;
        }

        public String schemaUid() {
            return flow.uid();
        }

        public String levelUid() {
            return flow.level().configuration().getMetadata().getUid();
        }

        /**
         * Takes the seats, waiting for them where the level queues.
         *
         * @param wanted seats, of which there may be given fewer
         * @param onGone is told how to give the wait up, when the client goes
         * @throws Rejection when there is no place in the queue, or the wait is over
         */
        public Seats enter(int wanted, Duration longestWait, java.util.function.Consumer<Runnable> onGone)
                throws Rejection, InterruptedException {
            PriorityLevel level = flow.level();
            int width = level.isExempt() ? wanted : Math.clamp(wanted, 1, level.widest());
            Waiter waiter = level.enter(width, level.isExempt() ? 0 : flow.hash(info, user));
            if (waiter == null) {
                boolean queued = level.configuration()
                        .getSpec()
                        .getLimited()
                        .getLimitResponse()
                        .getType()
                        .equals("Queue");
                throw reject(queued ? "queue-full" : "concurrency-limit");
            }
            if (waiter.decided.getCount() > 0) {
                await(waiter, longestWait, onGone);
            }
            level.metrics().dispatched(flow.name());
            return new Seats(level, waiter, runtime.nanoTime(), runtime);
        }

        private void await(Waiter waiter, Duration longestWait, java.util.function.Consumer<Runnable> onGone)
                throws Rejection, InterruptedException {
            PriorityLevel level = flow.level();
            long begun = runtime.nanoTime();
            onGone.accept(() -> level.giveUp(waiter));
            Runtime.Timer timer = runtime.schedule(longestWait, () -> level.giveUp(waiter));
            try {
                waiter.decided.await();
            } catch (InterruptedException e) {
                level.giveUp(waiter);
                if (level.runs(waiter)) {
                    level.leave(waiter, 0);
                }
                throw e;
            } finally {
                timer.cancel();
            }
            boolean served = level.runs(waiter);
            level.metrics().waited(flow.name(), served, runtime.nanoTime() - begun);
            if (!served) {
                throw reject("time-out");
            }
        }

        private Rejection reject(String reason) {
            flow.level().metrics().rejected(flow.name(), reason);
            return flow.level().rejection(reason);
        }
    }

    /** Seats that are taken. Given back once. */
    public static final class Seats implements AutoCloseable {
        private final PriorityLevel level;
        private final Waiter waiter;
        private final long begun;
        private final Runtime runtime;
        private final java.util.concurrent.atomic.AtomicBoolean left = new java.util.concurrent.atomic.AtomicBoolean();

        private Seats(PriorityLevel level, Waiter waiter, long begun, Runtime runtime) {
            this.level = level;
            this.waiter = waiter;
            this.begun = begun;
            this.runtime = runtime;
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                level.leave(waiter, runtime.nanoTime() - begun);
            }
        }
    }
}

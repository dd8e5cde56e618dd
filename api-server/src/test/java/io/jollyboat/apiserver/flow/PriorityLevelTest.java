package io.jollyboat.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.flowcontrol.v1.LimitResponse;
import io.jollyboat.api.flowcontrol.v1.LimitedPriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfiguration;
import io.jollyboat.api.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.jollyboat.api.flowcontrol.v1.QueuingConfiguration;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who runs next. */
class PriorityLevelTest {
    private static final long STEP = 3_000_000;

    private static PriorityLevel level(int seats, QueuingConfiguration queuing) {
        LimitResponse.Builder response = queuing == null
                ? LimitResponse.newBuilder().setType("Reject")
                : LimitResponse.newBuilder().setType("Queue").setQueuing(queuing);
        PriorityLevelConfiguration configuration = PriorityLevelConfiguration.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("l"))
                .setSpec(PriorityLevelConfigurationSpec.newBuilder()
                        .setType("Limited")
                        .setLimited(
                                LimitedPriorityLevelConfiguration.newBuilder().setLimitResponse(response)))
                .build();
        PriorityLevel level =
                new PriorityLevel(SystemRuntime.instance(), configuration, new LevelMetrics(new Metrics(), "l"));
        level.configure(configuration, new SeatLimits(seats, seats, seats));
        return level;
    }

    private static QueuingConfiguration queues(int queues, int hand, int length) {
        return QueuingConfiguration.newBuilder()
                .setQueues(queues)
                .setHandSize(hand)
                .setQueueLengthLimit(length)
                .build();
    }

    @Test
    void refusesWhatIsTooMuchWhereNothingIsQueued() {
        PriorityLevel level = level(2, null);
        Waiter first = level.enter(1, 0);
        assertThat(level.enter(1, 0)).isNotNull();
        assertThat(level.enter(1, 0)).isNull();
        level.leave(first, STEP);
        assertThat(level.enter(1, 0)).isNotNull();
    }

    @Test
    void refusesWhenTheQueueIsFull() {
        PriorityLevel level = level(1, queues(1, 1, 2));
        assertThat(level.runs(level.enter(1, 7))).isTrue();
        assertThat(level.runs(level.enter(1, 7))).isFalse();
        assertThat(level.enter(1, 7)).isNotNull();
        assertThat(level.enter(1, 7)).isNull();
    }

    @Test
    void whoGivesUpLeavesHisPlace() {
        PriorityLevel level = level(1, queues(1, 1, 1));
        Waiter running = level.enter(1, 7);
        Waiter impatient = level.enter(1, 7);
        assertThat(level.enter(1, 7)).isNull();
        level.giveUp(impatient);
        assertThat(impatient.decided.getCount()).isZero();
        assertThat(level.runs(impatient)).isFalse();
        Waiter next = level.enter(1, 7);
        level.leave(running, STEP);
        assertThat(level.runs(next)).isTrue();
        assertThat(level.runs(impatient)).isFalse();
    }

    @Test
    void aFloodOfOneFlowDoesNotHoldUpAnother() {
        PriorityLevel level = level(1, queues(64, 1, 1000));
        long flood = other(level, -1);
        Deque<Waiter> running = new ArrayDeque<>(List.of(level.enter(1, flood)));
        List<Waiter> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(level.enter(1, flood));
        }
        Waiter lone = level.enter(1, other(level, flood));
        int served = 0;
        while (!level.runs(lone)) {
            level.leave(running.removeFirst(), STEP);
            Waiter next = level.runs(lone) ? lone : many.get(served);
            running.add(next);
            served++;
        }
        assertThat(served).isLessThan(5);
    }

    /** A flow of another queue. */
    private static long other(PriorityLevel level, long than) {
        assertThat(level).isNotNull();
        for (int i = 0; ; i++) {
            long hash = Hand.hash("s", "u" + i);
            if (than == -1 || Hand.deal(hash, 64, 1)[0] != Hand.deal(than, 64, 1)[0]) {
                return hash;
            }
        }
    }

    @Test
    void wideRequestsTakeTheirSeatsAndDoNotStarve() {
        PriorityLevel level = level(10, queues(1, 1, 100));
        Waiter wide = level.enter(8, 7);
        Waiter narrow = level.enter(2, 7);
        Waiter second = level.enter(8, 7);
        Waiter last = level.enter(1, 7);
        assertThat(level.runs(wide)).isTrue();
        assertThat(level.runs(narrow)).isTrue();
        assertThat(level.runs(second)).isFalse();
        level.leave(narrow, STEP);
        assertThat(level.runs(last)).as("does not overtake in its queue").isFalse();
        level.leave(wide, STEP);
        assertThat(level.runs(second)).isTrue();
        assertThat(level.runs(last)).isTrue();
    }

    @Test
    void moreSeatsLetWaitingOnesIn() {
        PriorityLevel level = level(1, queues(4, 1, 10));
        level.enter(1, 7);
        Waiter waiting = level.enter(1, 7);
        assertThat(level.runs(waiting)).isFalse();
        level.limit(2);
        assertThat(level.runs(waiting)).isTrue();
        assertThat(level.need().highWatermark()).isEqualTo(2);
    }
}

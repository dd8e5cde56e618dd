package io.jollyboat.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.flow.SeatShares.Claim;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Who gets how much: shares of seats, hands of queues, and how long to stay away. */
class SharingTest {
    @Test
    void sharesFollowTargetsWithinBounds() {
        assertThat(SeatShares.of(100, List.of(new Claim(0, 100, 10), new Claim(0, 100, 30))))
                .containsExactly(new double[] {25, 75}, Offset.offset(0.01));
        assertThat(SeatShares.of(100, List.of(new Claim(0, 20, 10), new Claim(0, 100, 10), new Claim(50, 100, 50))))
                .as("the first may borrow no more than 20")
                .satisfies(shares -> {
                    assertThat(Arrays.stream(shares).sum()).isEqualTo(100, Offset.offset(0.01));
                    assertThat(shares[0]).isEqualTo(100 / 7.0, Offset.offset(0.01));
                    assertThat(shares[2]).isGreaterThanOrEqualTo(50);
                });
        assertThat(SeatShares.of(100, List.of(new Claim(80, 100, 80), new Claim(20, 100, 20))))
                .containsExactly(new double[] {80, 20}, Offset.offset(0.01));
    }

    @Test
    void handsAreDistinctCardsOfTheDeck() {
        for (int deck = 1; deck < 200; deck += 3) {
            for (int size = 1; size <= 8; size++) {
                int cards = deck;
                int[] hand = Hand.deal(Hand.hash("s", "u" + deck + "/" + size), deck, size);
                assertThat(hand)
                        .hasSize(Math.min(deck, size))
                        .doesNotHaveDuplicates()
                        .isSorted();
                assertThat(Arrays.stream(hand)).allMatch(card -> card >= 0 && card < cards);
            }
        }
    }

    @Test
    void fewFlowsShareAWholeHandWithAGreedyOne() {
        int[] greedy = Hand.deal(Hand.hash("s", "greedy"), 128, 6);
        long buried = java.util.stream.IntStream.range(0, 10_000)
                .filter(i -> Arrays.equals(greedy, Hand.deal(Hand.hash("s", "user" + i), 128, 6)))
                .count();
        assertThat(buried).isZero();
    }

    @Test
    void eachQueueIsInAboutAsManyHands() {
        int[] uses = new int[64];
        for (int i = 0; i < 10_000; i++) {
            for (int card : Hand.deal(Hand.hash("s", "user" + i), 64, 8)) {
                uses[card]++;
            }
        }
        assertThat(Arrays.stream(uses)).allMatch(use -> use > 1000 && use < 1500);
    }

    @Test
    void refusedClientsStayAwayLongerWhileMoreAreRefused() {
        RetryAfter retry = new RetryAfter(100);
        assertThat(retry.refused(100)).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            retry.refused(100);
        }
        assertThat(retry.refused(101)).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            retry.refused(102);
        }
        assertThat(retry.refused(103)).isEqualTo(4);
        assertThat(retry.refused(160)).isEqualTo(3);
        assertThat(retry.refused(260)).isEqualTo(2);
        assertThat(retry.refused(360)).isEqualTo(1);
        assertThat(retry.refused(460)).isEqualTo(1);
    }

    @Test
    void demandIsMostMeanAndDeviation() {
        SeatDemand demand = new SeatDemand(0);
        demand.set(10, 0);
        demand.set(0, 5_000_000_000L);
        demand.next(10_000_000_000L);
        assertThat(demand.highWatermark()).isEqualTo(10);
        assertThat(demand.smoothed()).as("5 and as much about it").isEqualTo(10, Offset.offset(0.001));
        demand.next(20_000_000_000L);
        assertThat(demand.highWatermark()).isZero();
        assertThat(demand.smoothed()).isEqualTo(9.77, Offset.offset(0.001));
    }
}

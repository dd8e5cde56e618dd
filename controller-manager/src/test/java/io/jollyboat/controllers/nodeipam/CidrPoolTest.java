package io.jollyboat.controllers.nodeipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CidrPoolTest {
    @Test
    void handsOutEachBlockOnceAndRestsFreedOnes() {
        CidrPool pool = new CidrPool("10.200.0.0/22", 24);
        pool.occupy("10.200.1.0/24");
        pool.occupy("192.168.0.0/24");
        assertThat(pool.allocate()).contains("10.200.0.0/24");
        assertThat(pool.allocate()).contains("10.200.2.0/24");
        pool.release("10.200.0.0/24");
        assertThat(pool.allocate()).contains("10.200.3.0/24");
        assertThat(pool.allocate()).contains("10.200.0.0/24");
        assertThat(pool.allocate()).isEmpty();
    }

    @Test
    void cutsIpv6() {
        CidrPool pool = new CidrPool("fd00:10::/56", 64);
        assertThat(pool.allocate()).contains("fd00:10::/64");
        assertThat(pool.allocate()).contains("fd00:10:0:1::/64");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new CidrPool("10.0.0.0/24", 16)).hasMessageContaining("10.0.0.0/24");
        assertThatThrownBy(() -> new CidrPool("10.0.0.0", 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CidrPool("pods/16", 24)).isInstanceOf(IllegalArgumentException.class);
    }
}

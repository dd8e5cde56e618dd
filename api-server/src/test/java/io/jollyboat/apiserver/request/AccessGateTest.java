package io.jollyboat.apiserver.request;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.apiserver.auth.Authenticated;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessGateTest {
    /** While no rule is known at all. */
    @ParameterizedTest
    @CsvSource({
        "get, /livez, true",
        "get, /readyz, true",
        "get, /healthz, true",
        "post, /readyz, false",
        "get, /readyz/etcd, false",
        "get, /metrics, false",
        "get, /version, false",
    })
    void onlyProbesNeedNoRule(String verb, String path, boolean open) {
        AccessGate gate = new AccessGate(
                (credentials, any) -> new Authenticated(UserInfo.ANONYMOUS),
                attributes -> Decision.NO_OPINION,
                new Metrics(),
                SystemRuntime.instance());
        RequestAttributes attributes =
                new RequestAttributes(UserInfo.ANONYMOUS, verb, false, "", "", "", "", "", "", path, "", "");
        if (open) {
            assertThatCode(() -> gate.authorize(attributes)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> gate.authorize(attributes)).hasMessageContaining("cannot " + verb + " path");
        }
    }
}

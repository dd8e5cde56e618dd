package io.jollyboat.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyHeadersTest {
    @Test
    void allThatIsKnownOfTheUserIsTold() {
        UserInfo user = new UserInfo("jane", "u-1", List.of("a", "b"), Map.of("example.com/x y", List.of("1", "2")));
        assertThat(ProxyHeaders.of(user))
                .containsExactly(
                        Map.entry("X-Remote-User", "jane"),
                        Map.entry("X-Remote-Uid", "u-1"),
                        Map.entry("X-Remote-Group", "a"),
                        Map.entry("X-Remote-Group", "b"),
                        Map.entry("X-Remote-Extra-example.com%2fx%20y", "1"),
                        Map.entry("X-Remote-Extra-example.com%2fx%20y", "2"));
    }

    @Test
    void noNameMakesAnotherHeader() {
        assertThat(ProxyHeaders.of(new UserInfo("a\r\nX-Remote-Group: system:masters", List.of())))
                .containsExactly(Map.entry("X-Remote-User", "a  X-Remote-Group: system:masters"));
    }

    @Test
    void aPercentSignIsItselfEscaped() {
        assertThat(ProxyHeaders.escaped("a%2f")).isEqualTo("a%252f");
        assertThat(ProxyHeaders.escaped("é")).isEqualTo("%c3%a9");
    }

    @Test
    void headersOfTheClientAreKnownWhateverTheirCase() {
        assertThat(ProxyHeaders.isOne("x-REMOTE-user")).isTrue();
        assertThat(ProxyHeaders.isOne("X-Remote-Extra-Foo")).isTrue();
        assertThat(ProxyHeaders.isOne("X-Remote-Addr")).isFalse();
    }
}

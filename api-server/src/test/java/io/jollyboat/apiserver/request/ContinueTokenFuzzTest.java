package io.jollyboat.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jollyboat.errors.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Continue tokens that nobody gave out; see ParsersFuzzTest. */
class ContinueTokenFuzzTest {
    @FuzzTest(maxDuration = "3m")
    void tokens(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        for (String token :
                new String[] {text, Base64.getUrlEncoder().withoutPadding().encodeToString(input)}) {
            try {
                ContinueToken.decode(token);
            } catch (ApiException e) {
                assertThat(e.code()).isEqualTo(400);
            }
        }
    }
}

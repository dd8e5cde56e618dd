package io.jollyboat.controllers.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.core.v1.PodTemplateSpec;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Templates, their prints and sums as upstream 1.36's own code gave them. */
class TemplateHashTest {
    @Test
    void printsAndHashesAsUpstream() throws Exception {
        int cases = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                TemplateHashTest.class.getResourceAsStream("template-hashes.tsv"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] part = line.split("\t");
                PodTemplateSpec template =
                        PodTemplateSpec.parseFrom(Base64.getDecoder().decode(part[0]));
                assertThat(TemplateHash.print(template)).isEqualTo(part[2]);
                assertThat(TemplateHash.of(template, null)).isEqualTo(TemplateHash.safeEncode(part[1]));
                cases++;
            }
        }
        assertThat(cases).isEqualTo(4);
    }

    @Test
    void collisionCountChangesTheHash() {
        PodTemplateSpec template = PodTemplateSpec.getDefaultInstance();
        assertThat(TemplateHash.of(template, 0)).isNotEqualTo(TemplateHash.of(template, null));
        assertThat(TemplateHash.of(template, 1)).isNotEqualTo(TemplateHash.of(template, 0));
    }

    @Test
    void encodesDigitsAsUpstream() {
        assertThat(TemplateHash.safeEncode("0123456789")).isEqualTo("456789bcdf");
    }
}

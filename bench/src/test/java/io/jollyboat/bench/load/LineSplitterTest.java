package io.jollyboat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    @Test
    void linesMayComeInAnyParts() {
        String text = "one\ntwo\n\nthree and more\nfour\n";
        for (int size = 1; size <= text.length(); size++) {
            List<String> lines = new ArrayList<>();
            LineSplitter splitter = new LineSplitter(line -> lines.add(line.toString(StandardCharsets.UTF_8)));
            for (int at = 0; at < text.length(); at += size) {
                String part = text.substring(at, Math.min(text.length(), at + size));
                splitter.add(Unpooled.copiedBuffer(part, StandardCharsets.UTF_8));
            }
            assertThat(lines).as("parts of %d", size).containsExactly("one", "two", "", "three and more", "four");
        }
    }
}

package io.jollyboat.apiserver.managed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;

/** Managed fields as clients may send them; see ParsersFuzzTest. */
class FieldSetFuzzTest {
    @DictionaryEntries({"{\"f:", "\"k:{\\\"name\\\":\\\"a\\\"}\":", "\"v:\\\"a\\\"\":", "\"i:0\":", "\".\":{}", "}}"})
    @FuzzTest(maxDuration = "3m")
    void fields(byte[] input) {
        try {
            FieldSet set = FieldsV1.parse(ByteString.copyFrom(input));
            FieldSet again = FieldsV1.parse(FieldsV1.write(set));
            assertThat(again).isEqualTo(set);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).*");
        }
    }
}

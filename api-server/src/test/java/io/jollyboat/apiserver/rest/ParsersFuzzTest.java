package io.jollyboat.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apps.v1.Deployment;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.apiserver.patch.PatchForm;
import io.jollyboat.apiserver.patch.Patches;
import io.jollyboat.apiserver.request.ListQuery;
import io.jollyboat.apiserver.request.RequestInfo;
import io.jollyboat.apiserver.request.WriteOptions;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import io.jollyboat.codec.YamlCodec;
import io.jollyboat.errors.ApiException;
import io.jollyboat.selectors.FieldSelectors;
import io.jollyboat.selectors.LabelSelectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a client sends, as Jazzer makes it up. In a build the kept inputs are run through, in no time; with
 * {@code JAZZER_FUZZ=1} one method at a time goes looking for more. Anything but the parser's own exception is a finding.
 */
class ParsersFuzzTest {
    private static final String LIMIT = "3m";
    private static final List<Message> PROTOTYPES = List.of(
            Pod.getDefaultInstance(),
            Deployment.getDefaultInstance(),
            CustomResourceDefinition.getDefaultInstance(),
            CustomObject.getDefaultInstance());

    private static final Deployment DEPLOYMENT = JsonCodec.decode(
                    ("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"d\",\"labels\":{\"a\":\"b\"}},"
                                    + "\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"ports\":"
                                    + "[{\"containerPort\":80}],\"env\":[{\"name\":\"x\",\"value\":\"y\"}]}]}}}}")
                            .getBytes(StandardCharsets.UTF_8),
                    Deployment.getDefaultInstance(),
                    Strictness.STRICT)
            .message();

    @DictionaryEntries({
        "\"metadata\":",
        "\"spec\":",
        "{\"",
        "\"}",
        "null",
        "\"containers\":[",
        "1e999",
        "\\ud800",
        "\"name\":"
    })
    @FuzzTest(maxDuration = LIMIT)
    void json(byte[] input) {
        for (Message prototype : PROTOTYPES) {
            for (Strictness strictness : Strictness.values()) {
                try {
                    again(JsonCodec.decode(input, prototype, strictness));
                } catch (DecodeException e) {
                    assertThat(e.getMessage()).isNotEmpty();
                }
            }
        }
    }

    @DictionaryEntries({
        "&a ",
        "*a",
        "<<: ",
        "!!int ",
        "- ",
        ": ",
        "? ",
        "|",
        ">-",
        "---\n",
        "metadata:",
        "0x",
        ".inf",
        "~"
    })
    @FuzzTest(maxDuration = LIMIT)
    void yaml(byte[] input) {
        for (Message prototype : PROTOTYPES) {
            try {
                again(YamlCodec.decode(input, prototype, Strictness.WARN));
            } catch (DecodeException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    /** What was read can be written, and read again as the same. */
    private static <T extends Message> void again(Decoded<T> decoded) {
        byte[] json = JsonCodec.encode(decoded.message(), decoded.apiVersion(), decoded.kind());
        JsonCodec.decode(json, decoded.message().getDefaultInstanceForType(), Strictness.IGNORE);
    }

    @FuzzTest(maxDuration = LIMIT)
    void protobuf(byte[] input) {
        byte[] enveloped = new byte[input.length + 4];
        System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, enveloped, 0, 4);
        System.arraycopy(input, 0, enveloped, 4, input.length);
        for (Message prototype : PROTOTYPES.subList(0, 3)) {
            try {
                again(BodyReader.decode(enveloped, Format.PROTOBUF, prototype, Strictness.IGNORE));
            } catch (DecodeException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @DictionaryEntries({
        "{\"op\":\"add\",\"path\":\"/spec\",\"value\":",
        "\"copy\",\"from\":\"/spec\"",
        "$patch",
        "$setElementOrder/containers",
        "$deleteFromPrimitiveList/finalizers",
        "$retainKeys",
        "\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\""
    })
    @FuzzTest(maxDuration = LIMIT)
    void patches(byte[] input) {
        for (PatchForm form : PatchForm.values()) {
            try {
                Patches.apply(DEPLOYMENT, "apps/v1", "Deployment", form, input, Strictness.WARN);
            } catch (ApiException e) {
                assertThat(e.status().getMessage()).isNotEmpty();
            }
        }
    }

    @DictionaryEntries({"in (", "notin (", "!=", "==", "metadata.name=", "\\,", "a/b", ","})
    @FuzzTest(maxDuration = LIMIT)
    void selectors(byte[] bytes) {
        String input = new String(bytes, StandardCharsets.UTF_8);
        try {
            LabelSelectors.parse(input).matches(Map.of("a", "b"));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            FieldSelectors.parse(input);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @DictionaryEntries({
        "/api/v1/namespaces/",
        "?watch=",
        "&limit=",
        "&continue=",
        "&resourceVersion=",
        "&resourceVersionMatch=NotOlderThan",
        "&sendInitialEvents=true",
        "&fieldManager=",
        "&dryRun=All",
        "%00",
        "&timeout=1h"
    })
    @FuzzTest(maxDuration = LIMIT)
    void targets(byte[] bytes) {
        String input = new String(bytes, StandardCharsets.ISO_8859_1);
        RequestTarget target = RequestTarget.parse(input);
        if (target == null) {
            return;
        }
        RequestInfo.parse("GET", target.path(), target.query().flag("watch"), RequestInfo.selectedName(input));
        List<Runnable> readers = new ArrayList<>();
        readers.add(() -> ListQuery.of(target.query(), true));
        readers.add(() -> ListQuery.of(target.query(), false));
        readers.add(() -> WriteOptions.deleteOptions(target.query()));
        readers.add(() -> TimeLimit.of(RequestInfo.parse("GET", "/api/v1/pods", false, ""), target.query()));
        for (Runnable reader : readers) {
            try {
                reader.run();
            } catch (ApiException e) {
                assertThat(e.code()).isIn(400, 422);
            }
        }
    }

    @DictionaryEntries({"application/json", ";as=Table;v=v1;g=meta.k8s.io", ";q=0.5", "\"\\\"", ",", "*/*"})
    @FuzzTest(maxDuration = LIMIT)
    void mediaTypes(byte[] bytes) {
        String input = new String(bytes, StandardCharsets.ISO_8859_1);
        Negotiation.error(input);
        List<Runnable> readers = List.of(
                () -> Negotiation.answer(input), () -> Negotiation.watch(input, true), () -> Negotiation.body(input));
        for (Runnable reader : readers) {
            try {
                reader.run();
            } catch (ApiException e) {
                assertThat(e.code()).isIn(406, 415);
            }
        }
    }
}

package io.jollyboat.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jollyboat.apiserver.facts.Facts;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StorageKeysTest {
    /** Keys that upstream writes and no resource of the API has. */
    private static final List<String> NO_RESOURCES =
            List.of("/registry/masterleases/172.30.98.1/", "/registry/peerserverleases/", "/registry/ranges/");

    @Test
    void everyKeyUpstreamWroteIsSomeResourcesPrefix() throws IOException {
        Map<String, String> ours = new TreeMap<>();
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            ResourceType<?> stored = StorageKeys.storedAs(type);
            String form = StorageKeys.storedAsJson(type) ? "json " : "protobuf(k8s\\0) ";
            ours.put(StorageKeys.prefix(stored), form + stored);
        }
        int checked = 0;
        for (String line : Files.readAllLines(Facts.recording("etcd-keys.txt"))) {
            String[] columns = line.split("\t");
            if (!line.startsWith(StorageKeys.ROOT) || columns[1].startsWith("{")) {
                continue;
            }
            if (columns[0].contains("example.com/")) {
                String[] parts = columns[0].split("/");
                assertThat(StorageKeys.prefix(parts[2], parts[3])).isEqualTo(columns[0]);
            } else if (!NO_RESOURCES.contains(columns[0])) {
                assertThat(ours)
                        .containsEntry(columns[0], columns[1] + " " + storedVersion(columns[2]) + " " + columns[3]);
                checked++;
            }
        }
        assertThat(checked).isEqualTo(57);
        assertThat(StorageKeys.NODE_PORTS).startsWith("/registry/ranges/");
    }

    /** Upstream writes definitions in a version it no longer serves, and reads them in the other too. */
    private static String storedVersion(String recorded) {
        return recorded.equals("apiextensions.k8s.io/v1beta1") ? "apiextensions.k8s.io/v1" : recorded;
    }

    @Test
    void versionsShareOneStoredForm() {
        assertThat(storedAs("autoscaling", "v1", "horizontalpodautoscalers")).isEqualTo("autoscaling/v2");
        assertThat(storedAs("events.k8s.io", "v1", "events")).isEqualTo("v1");
        assertThat(storedAs("", "v1", "events")).isEqualTo("v1");
        assertThat(storedAs("networking.k8s.io", "v1beta1", "ipaddresses")).isEqualTo("networking.k8s.io/v1");
        assertThat(storedAs("resource.k8s.io", "v1beta1", "deviceclasses")).isEqualTo("resource.k8s.io/v1");
        assertThat(storedAs("coordination.k8s.io", "v1alpha2", "leasecandidates"))
                .isEqualTo("coordination.k8s.io/v1beta1");
        assertThat(storedAs("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies"))
                .isEqualTo("admissionregistration.k8s.io/v1beta1");
    }

    @Test
    void rangeEndsAfterThePrefix() {
        assertThat(end("/registry/pods/")).isEqualTo("/registry/pods0");
        assertThat(RangeRequest.end(ByteString.copyFrom(new byte[] {1, -1, -1})))
                .isEqualTo(ByteString.copyFrom(new byte[] {2}));
    }

    private static String end(String prefix) {
        return RangeRequest.end(ByteString.copyFromUtf8(prefix)).toStringUtf8();
    }

    private static String storedAs(String group, String version, String plural) {
        return StorageKeys.storedAs(
                        Kinds.builtIn().byResource(group, version, plural).orElseThrow())
                .apiVersion();
    }
}

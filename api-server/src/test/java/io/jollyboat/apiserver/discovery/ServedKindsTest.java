package io.jollyboat.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServedKindsTest {
    private static ResourceType<CustomObject> type(String group, String version, String plural) {
        return ResourceType.custom(
                KindRules.newBuilder()
                        .setGroup(group)
                        .setVersion(version)
                        .setPlural(plural)
                        .setNamespaced(true)
                        .addVerbs("get")
                        .build(),
                "Kind");
    }

    @Test
    void customResourcesComeAndGoBehindTheBuiltInOnes() {
        ServedKinds kinds = new ServedKinds(Kinds.builtIn());
        ServedKinds.Snapshot before = kinds.snapshot();
        ResourceType<CustomObject> one = type("b.example.com", "v1", "widgets");

        kinds.serve(List.of(one, type("b.example.com", "v2", "widgets"), type("a.example.com", "v1", "gears")));

        assertThat(kinds.groups()).endsWith("a.example.com", "b.example.com").startsWith("", "apiregistration.k8s.io");
        assertThat(kinds.versions("b.example.com")).containsExactly("v2", "v1");
        assertThat(kinds.find("b.example.com/v1", "widgets")).containsSame(one);
        assertThat(before.find("b.example.com/v1", "widgets")).isEmpty();

        kinds.serve(List.of());

        assertThat(kinds.all()).isEqualTo(before.all());
    }

    @Test
    void builtInResourcesCannotBeTakenOver() {
        ServedKinds kinds = new ServedKinds(Kinds.builtIn());

        kinds.serve(List.of(type("apps", "v1", "deployments"), type("apps", "v1", "widgets")));

        assertThat(kinds.find("apps/v1", "deployments").orElseThrow().isCustom())
                .isFalse();
        assertThat(kinds.resources("apps", "v1"))
                .extracting(ResourceType::plural)
                .endsWith("widgets");
    }

    @Test
    void versionsAreOrderedByStability() {
        assertThat(Stream.of("foo", "v1alpha1", "v10", "v1beta2", "v2", "v12alpha1", "v1", "v1beta10", "bar")
                        .sorted(VersionOrder.PREFERRED_FIRST))
                .containsExactly("v10", "v2", "v1", "v1beta10", "v1beta2", "v12alpha1", "v1alpha1", "bar", "foo");
    }
}

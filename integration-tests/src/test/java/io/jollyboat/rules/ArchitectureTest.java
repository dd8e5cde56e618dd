package io.jollyboat.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: common-proto, common-api, common, then each process; no process knows another. */
class ArchitectureTest {
    private static final String[] PROCESSES = {
        "io.jollyboat.apiserver..",
        "io.jollyboat.scheduler..",
        "io.jollyboat.controllers..",
        "io.jollyboat.kubelet..",
        "io.jollyboat.proxy..",
        "io.jollyboat.cli.."
    };
    private static final String[] COMMON = {
        "io.jollyboat.runtime..",
        "io.jollyboat.client..",
        "io.jollyboat.informer..",
        "io.jollyboat.controller..",
        "io.jollyboat.events..",
        "io.jollyboat.config..",
        "io.jollyboat.tls..",
        "io.jollyboat.metrics..",
        "io.jollyboat.health..",
        "io.jollyboat.log..",
        "io.jollyboat.process.."
    };
    private static final String[] COMMON_API = {
        "io.jollyboat.kinds..",
        "io.jollyboat.codec..",
        "io.jollyboat.errors..",
        "io.jollyboat.values..",
        "io.jollyboat.selectors..",
        "io.jollyboat.defaults.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        // Generated messages are left out: they depend on nothing of ours.
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(
                        location -> !location.contains("/common-proto") && !location.contains("/io/jollyboat/api/"))
                .importPackages("io.jollyboat");
    }

    /** A rule that saw nothing would hold for ever. */
    @Test
    void theRulesSeeWhatTheyForbid() {
        for (String process : PROCESSES) {
            String name = process.replace("..", "");
            assertThat(classes.stream().filter(c -> c.getPackageName().startsWith(name)))
                    .as(name)
                    .hasSizeGreaterThan(20);
        }
        assertThatThrownBy(() -> noClasses()
                        .that()
                        .resideInAPackage("io.jollyboat.apiserver..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.etcd..")
                        .check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("EtcdStore");
    }

    @Test
    void noProcessDependsOnAnother() {
        for (String process : PROCESSES) {
            for (String other : PROCESSES) {
                if (!process.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(process)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .because("processes meet only through the API")
                            .check(classes);
                }
            }
        }
    }

    @Test
    void commonKnowsNoProcess() {
        noClasses()
                .that()
                .resideInAnyPackage(COMMON)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROCESSES)
                .check(classes);
    }

    @Test
    void objectsKnowNothingOfHowComponentsRun() {
        noClasses()
                .that()
                .resideInAnyPackage(COMMON_API)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(COMMON)
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(COMMON_API)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROCESSES)
                .check(classes);
    }

    @Test
    void onlyTheApiServerTalksToEtcd() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.jollyboat.apiserver.storage..", "io.jollyboat.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.etcd..")
                .check(classes);
    }

    @Test
    void controllersDoNotKnowEachOther() {
        slices().matching("io.jollyboat.controllers.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}

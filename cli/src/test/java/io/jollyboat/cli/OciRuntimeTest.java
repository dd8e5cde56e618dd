package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciRuntimeTest {
    @TempDir
    Path folder;

    private Path crun;
    private Path cgroups;

    @BeforeEach
    void host() throws IOException {
        crun = Files.createDirectory(folder.resolve("bin")).resolve("crun");
        cgroups = Files.createDirectory(folder.resolve("cgroup"));
    }

    @Test
    void withoutCrunItIsRunc() throws IOException {
        assertThat(binary()).isEqualTo("runc");
    }

    @Test
    void crunIsNamedWhereOneVersionOfCgroupsHasAllControllers() throws IOException {
        install();
        assertThat(binary()).isEqualTo(crun.toString());
        controllers("\n");
        assertThat(binary()).isEqualTo(crun.toString());
    }

    @Test
    void onAHybridHostCrunIsWrapped() throws IOException {
        install();
        controllers("hugetlb\n");
        Path wrapper = Path.of(binary());
        assertThat(wrapper).isExecutable().hasParent(folder);
        assertThat(wrapper)
                .content()
                .startsWith("#!/bin/sh\n")
                .contains("umount " + cgroups + "/unified", crun + " \"$@\"");
    }

    private void install() throws IOException {
        Files.createFile(crun);
        assertThat(crun.toFile().setExecutable(true)).isTrue();
    }

    private void controllers(String names) throws IOException {
        Files.writeString(Files.createDirectories(cgroups.resolve("unified")).resolve("cgroup.controllers"), names);
    }

    private String binary() throws IOException {
        Programs programs = new Programs(List.of(crun.getParent().toString()), List.of(), _ -> {
            throw new AssertionError("nothing is to be run");
        });
        return OciRuntime.binary(programs, folder, cgroups);
    }
}

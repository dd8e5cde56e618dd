package io.jollyboat.kubelet.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubPathsTest {
    @TempDir
    Path folder;

    private Path volume;
    private Path outside;

    @BeforeEach
    void make() throws IOException {
        volume = Files.createDirectory(folder.resolve("volume"));
        outside = Files.createDirectory(folder.resolve("outside"));
    }

    @Test
    void whatIsMissingMayBeUsedAsTheVolumeItself() throws IOException {
        Files.setAttribute(volume, "unix:mode", 02777);
        Path made = SubPaths.make(volume, "a/b");
        assertThat(made).isEqualTo(volume.toRealPath().resolve("a/b"));
        assertThat((Integer) Files.getAttribute(made, "unix:mode") & 07777).isEqualTo(02777);
        assertThat((Integer) Files.getAttribute(volume.resolve("a"), "unix:mode") & 07777)
                .isEqualTo(02777);
    }

    @Test
    void whatIsThereStaysAsItIs() throws IOException {
        Path file = Files.writeString(volume.resolve("f"), "x");
        Files.setAttribute(file, "unix:mode", 0600);
        assertThat(SubPaths.make(volume, "f")).isEqualTo(file.toRealPath());
        assertThat((Integer) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0600);
    }

    @Test
    void aLinkWithinTheVolumeIsFollowed() throws IOException {
        Files.writeString(volume.resolve("real"), "x");
        Files.createSymbolicLink(volume.resolve("link"), Path.of("real"));
        assertThat(SubPaths.make(volume, "link")).isEqualTo(volume.toRealPath().resolve("real"));
    }

    @Test
    void aLinkThatLeadsOutIsRefusedAndNothingIsMadeThere() throws IOException {
        Files.createSymbolicLink(volume.resolve("link"), outside);
        assertThatThrownBy(() -> SubPaths.make(volume, "link/evil")).hasMessageContaining("leads out of the volume");
        assertThatThrownBy(() -> SubPaths.make(volume, "link")).hasMessageContaining("leads out of the volume");
        assertThat(outside).isEmptyDirectory();
    }
}

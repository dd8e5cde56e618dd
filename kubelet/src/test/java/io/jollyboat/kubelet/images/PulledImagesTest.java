package io.jollyboat.kubelet.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.kubelet.images.PulledImages.Access;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PulledImagesTest {
    private static final ImageReference IMAGE = ImageReference.parse("r.example/app:1");
    private static final ImageReference OTHER_TAG = ImageReference.parse("r.example/app:2");
    private static final ImageReference OTHER_NAME = ImageReference.parse("r.example/copy:1");
    private static final String ID = "sha256:1";

    @TempDir
    Path folder;

    private Path file;
    private PulledImages images;

    @BeforeEach
    void create() {
        file = folder.resolve("deep/pulls.json");
        images = new PulledImages(file);
    }

    private static Credential credential(String secretUid, String password) {
        return new Credential("ann", password, new Credential.Origin(secretUid, "default", "name-" + secretUid));
    }

    @Test
    void whatNobodyPulledIsEveryonesAndSoIsWhatNeededNoCredential() {
        assertThat(images.access(IMAGE, ID)).isEqualTo(Access.FREE);
        images.succeeded(IMAGE, ID, null);
        assertThat(images.access(IMAGE, ID)).isEqualTo(Access.FREE);
        images.succeeded(IMAGE, ID, credential("a", "x"));
        assertThat(images.access(OTHER_TAG, ID)).isEqualTo(Access.FREE);
    }

    @Test
    void aPrivateImageIsForItsSecretWhateverItHoldsNowAndForTheSameCredentialElsewhere() {
        images.succeeded(IMAGE, ID, credential("a", "x"));
        PulledImages again = new PulledImages(file);
        assertThat(again.access(IMAGE, ID)).isEqualTo(Access.BY_SECRET);
        assertThat(again.mayUse(IMAGE, ID, List.of())).isFalse();
        assertThat(again.mayUse(IMAGE, ID, List.of(credential("b", "y")))).isFalse();
        assertThat(again.mayUse(IMAGE, ID, List.of(credential("a", "new")))).isTrue();
        assertThat(again.mayUse(IMAGE, ID, List.of(credential("c", "new")))).isTrue();
        assertThat(again.access(OTHER_NAME, ID)).isEqualTo(Access.BY_PULL);
    }

    @Test
    void aPullWhoseEndIsUnknownProvesNothing() {
        images.begin(IMAGE);
        assertThat(new PulledImages(file).access(IMAGE, ID)).isEqualTo(Access.BY_PULL);
        assertThat(new PulledImages(file).access(OTHER_TAG, ID)).isEqualTo(Access.FREE);
        images.failed(IMAGE);
        assertThat(new PulledImages(file).access(IMAGE, ID)).isEqualTo(Access.FREE);
    }

    @Test
    void aDamagedFileIsNoReasonToFail() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"images\":");
        assertThat(new PulledImages(file).access(IMAGE, ID)).isEqualTo(Access.FREE);
    }

    @Test
    void keepsNothingWhereThereIsNoFile() {
        PulledImages forgetful = new PulledImages(null);
        forgetful.begin(IMAGE);
        assertThat(forgetful.access(IMAGE, ID)).isEqualTo(Access.BY_PULL);
        forgetful.failed(IMAGE);
        assertThat(forgetful.access(IMAGE, ID)).isEqualTo(Access.FREE);
    }
}

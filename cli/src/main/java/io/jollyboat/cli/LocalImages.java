package io.jollyboat.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The images made on the spot from Debian's static binaries: pause, and a small web server in two versions. */
final class LocalImages {
    static final String PAUSE = "registry.k8s.io/pause:3.10";

    private static final String WEB_SCRIPT = """
            #!/bin/sh
            mkdir -p /tmp/www
            echo "Hello from $(hostname), version $VERSION" >/tmp/www/index.html
            exec httpd -f -v -p "${PORT:-8080}" -h /tmp/www
            """;

    private LocalImages() {}

    /** Writes the archives that are not there yet. */
    static List<Path> ensure(Path folder) {
        try {
            Files.createDirectories(folder);
            return List.of(
                    archive(folder, "pause.tar", LocalImages::pause),
                    archive(folder, "web-1.tar", () -> web("1")),
                    archive(folder, "web-2.tar", () -> web("2")));
        } catch (IOException e) {
            throw new CliException("cannot make the images in " + folder + ": " + e.getMessage(), e);
        }
    }

    private interface Image {
        byte[] build() throws IOException;
    }

    private static Path archive(Path folder, String name, Image image) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            Path part = folder.resolve(name + ".part");
            Files.write(part, image.build());
            Files.move(part, file);
        }
        return file;
    }

    private static byte[] pause() throws IOException {
        byte[] layer = new TarWriter().file("pause", 0755, binary("catatonit")).finish();
        return OciImage.build(PAUSE, layer, List.of("/pause", "-P"), List.of());
    }

    /** catatonit is process 1: it hands SIGTERM on, so that a pod ends at once, and reaps what is left. */
    private static byte[] web(String version) throws IOException {
        TarWriter layer = new TarWriter()
                .directory("bin", 0755)
                .directory("etc", 0755)
                .directory("tmp", 01777)
                .directory("root", 0700)
                .file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n".getBytes(StandardCharsets.UTF_8))
                .file("etc/group", 0644, "root:x:0:\n".getBytes(StandardCharsets.UTF_8))
                .file("bin/catatonit", 0755, binary("catatonit"))
                .file("bin/busybox", 0755, binary("busybox"))
                .file("bin/web", 0755, WEB_SCRIPT.getBytes(StandardCharsets.UTF_8));
        for (String applet : Shell.must(path("busybox"), "--list").split("\n")) {
            if (!applet.equals("busybox")) {
                layer.symlink("bin/" + applet, "busybox");
            }
        }
        return OciImage.build(
                "docker.io/jollyboat/web:" + version,
                layer.finish(),
                List.of("/bin/catatonit", "--", "/bin/web"),
                List.of("PATH=/bin", "VERSION=" + version));
    }

    private static byte[] binary(String name) throws IOException {
        return Files.readAllBytes(Path.of(path(name)));
    }

    private static String path(String name) {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/libexec/podman", "/usr/local/bin")) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return folder + "/" + name;
            }
        }
        throw new CliException(name + " is not installed");
    }
}

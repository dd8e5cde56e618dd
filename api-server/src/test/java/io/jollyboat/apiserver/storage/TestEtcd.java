package io.jollyboat.apiserver.storage;

import io.jollyboat.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The etcd of the contract suite: a container where a Docker engine answers, with an image made of this machine's etcd;
 * else a local process. Says which.
 */
interface TestEtcd extends AutoCloseable {
    EtcdConfig config();

    @Override
    void close();

    static TestEtcd start() {
        Log log = Log.of(TestEtcd.class);
        boolean engine = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
        if (engine && DockerClientFactory.instance().isDockerAvailable()) {
            log.info("the contract suite runs on etcd in a container");
            return container();
        }
        log.info("the contract suite runs on a local etcd process: no Docker engine answers");
        return process();
    }

    private static TestEtcd process() {
        EtcdFixture fixture = EtcdFixture.tls();
        return new TestEtcd() {
            @Override
            public EtcdConfig config() {
                return fixture.config();
            }

            @Override
            public void close() {
                fixture.close();
            }
        };
    }

    // Closed by the suite.
    @SuppressWarnings("resource")
    private static TestEtcd container() {
        GenericContainer<?> container = new GenericContainer<>(image())
                .withExposedPorts(2379)
                .waitingFor(Wait.forLogMessage(".*ready to serve client requests.*", 1)
                        .withStartupTimeout(Duration.ofSeconds(60)));
        container.start();
        return new TestEtcd() {
            @Override
            public EtcdConfig config() {
                return EtcdConfig.of(List.of(container.getHost() + ":" + container.getMappedPort(2379)), null);
            }

            @Override
            public void close() {
                container.stop();
            }
        };
    }

    /** The binary and the libraries it needs, and nothing else: no base image to pull. */
    private static ImageFromDockerfile image() {
        Path etcd = Path.of(EtcdFixture.binary());
        ImageFromDockerfile image = new ImageFromDockerfile("jollyboat-test-etcd", true)
                .withFileFromPath("root" + etcd, etcd)
                .withDockerfileFromBuilder(builder -> builder.from("scratch")
                        .copy("root", "/")
                        .cmd(
                                etcd.toString(),
                                "--data-dir=/data",
                                "--listen-client-urls=http://0.0.0.0:2379",
                                "--advertise-client-urls=http://0.0.0.0:2379")
                        .build());
        for (Path library : libraries(etcd)) {
            image.withFileFromPath("root" + library, library);
        }
        return image;
    }

    private static List<Path> libraries(Path binary) {
        try {
            Process ldd = new ProcessBuilder("ldd", binary.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("/\\S+")
                    .matcher(output)
                    .results()
                    .map(match -> Path.of(match.group()))
                    .filter(Files::exists)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("ldd does not start", e);
        }
    }
}

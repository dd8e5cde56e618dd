package io.jollyboat.apiserver.storage;

import io.jollyboat.log.Log;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.ImagePullPolicy;
import org.testcontainers.utility.DockerImageName;

/**
 * The etcd of the contract suite: a container where there is a Docker engine ({@code DOCKER_HOST} names it), with the
 * image {@code JOLLY_ETCD_IMAGE}; else a local process. Says which.
 */
interface TestEtcd extends AutoCloseable {
    EtcdConfig config();

    @Override
    void close();

    static TestEtcd start() {
        Log log = Log.of(TestEtcd.class);
        String image = System.getenv("JOLLY_ETCD_IMAGE");
        if (System.getenv("DOCKER_HOST") != null && image != null) {
            log.info("the contract suite runs on etcd in a container", "image", image);
            return container(image);
        }
        log.info("the contract suite runs on a local etcd process: DOCKER_HOST and JOLLY_ETCD_IMAGE are not both set");
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
    private static TestEtcd container(String image) {
        ImagePullPolicy never = name -> false;
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withImagePullPolicy(never)
                .withExposedPorts(2379)
                .withCommand(
                        "etcd",
                        "--listen-client-urls=http://0.0.0.0:2379",
                        "--advertise-client-urls=http://0.0.0.0:2379")
                .waitingFor(Wait.forListeningPort().withStartupTimeout(Duration.ofSeconds(60)));
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
}

package io.jollyboat.bench.jmh;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.Pod;
import io.jollyboat.codec.Decoded;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Normalizer;
import io.jollyboat.codec.Strictness;
import io.jollyboat.defaults.Defaults;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A pod of about 4 KB of JSON in its forms. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private final byte[] json = pod();
    private final Pod message = decode(json).message();
    private final ByteString wire = message.toByteString();

    private static Decoded<Pod> decode(byte[] json) {
        return JsonCodec.decode(json, Pod.getDefaultInstance(), Strictness.WARN);
    }

    private static byte[] pod() {
        StringBuilder containers = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            containers
                    .append(i > 0 ? "," : "")
                    .append("{\"name\":\"c")
                    .append(i)
                    .append("""
                    ","image":"registry.example.com/team/service:1.27.3","command":["/bin/service","--listen=:8080"],
                    "ports":[{"name":"http","containerPort":8080},{"name":"metrics","containerPort":9090}],
                    "env":[{"name":"MODE","value":"production"},
                           {"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},
                           {"name":"TOKEN","valueFrom":{"secretKeyRef":{"name":"service","key":"token"}}}],
                    "resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},
                    "volumeMounts":[{"name":"config","mountPath":"/etc/service","readOnly":true}],
                    "livenessProbe":{"httpGet":{"path":"/live","port":"http"},"periodSeconds":10},
                    "readinessProbe":{"httpGet":{"path":"/ready","port":8080}}}""");
        }
        String pod = """
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"service-6d4cf56db6-x2x7f","namespace":"team",
                 "uid":"0d2ad6c2-2b9b-4a63-9c1d-1f6e7f0c2a11","creationTimestamp":"2026-01-02T03:04:05Z",
                 "labels":{"app":"service","pod-template-hash":"6d4cf56db6"},
                 "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"service-6d4cf56db6",
                   "uid":"5a2ad6c2-2b9b-4a63-9c1d-1f6e7f0c2a11","controller":true,"blockOwnerDeletion":true}]},
                 "spec":{"nodeName":"node-1","volumes":[{"name":"config","configMap":{"name":"service"}}],
                 "containers":[%s]},"status":{"phase":"Running","podIP":"10.200.0.5",
                 "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-02T03:04:09Z"}]}}""".formatted(containers);
        Pod defaulted =
                Defaults.apply(decode(pod.getBytes(StandardCharsets.UTF_8)).message());
        return JsonCodec.encode(defaulted, "v1", "Pod");
    }

    @Benchmark
    public byte[] toJson() {
        return JsonCodec.encode(message, "v1", "Pod");
    }

    @Benchmark
    public byte[] toJsonFromProtobufBytes() {
        return JsonCodec.encode(Pod.getDefaultInstance(), wire, "v1", "Pod");
    }

    @Benchmark
    public Message fromJson() {
        return decode(json).message();
    }

    @Benchmark
    public Message normalizeProtobuf() {
        return Normalizer.parse(Pod.getDefaultInstance(), wire);
    }

    @Benchmark
    public Message defaults() {
        return Defaults.apply(message);
    }
}

package io.jollyboat.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.apiserver.Seeds;
import io.jollyboat.apiserver.admission.ObjectKind;
import io.jollyboat.apiserver.patch.PatchForm;
import io.jollyboat.apiserver.patch.Patches;
import io.jollyboat.cel.CelCompilation;
import io.jollyboat.cel.CelOutcome;
import io.jollyboat.cel.CelProgram;
import io.jollyboat.codec.Strictness;
import io.jollyboat.errors.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a policy's JSON patch makes of an object is what the same patch of a client would. */
class PolicyPatchTest {
    private static final ObjectKind KIND = new ObjectKind("", "v1", "ConfigMap");

    /** @param test whether it can fail without that being a failure */
    private record Operation(String json, String expression, boolean test) {}

    @Test
    void isThatOfAClient() {
        int[] changed = new int[1];
        Seeds.each(300, random -> {
            ConfigMap map = map(random);
            List<Operation> operations = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                operations.add(operation(random));
            }
            Message expected = byClient(map, operations);
            Message actual = byPolicy(map, operations);
            boolean testFailed = operations.stream().anyMatch(Operation::test) && map.equals(actual);
            if (!testFailed) {
                assertThat(actual).as(operations.toString()).isEqualTo(expected);
            }
            changed[0] += map.equals(actual) ? 0 : 1;
        });
        if (Long.getLong("jolly.seed") == null) {
            assertThat(changed[0]).isGreaterThan(30);
        }
    }

    private static ConfigMap map(Random random) {
        ConfigMap.Builder map = ConfigMap.newBuilder();
        map.getMetadataBuilder().setName("m");
        for (int i = 0; i < random.nextInt(4); i++) {
            map.putData("k" + i, "v" + random.nextInt(3));
            map.getMetadataBuilder().addFinalizers("f" + i);
        }
        return map.build();
    }

    private static String path(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "/data/k" + random.nextInt(4);
            case 1 -> "/metadata/finalizers/" + (random.nextBoolean() ? "-" : String.valueOf(random.nextInt(3)));
            case 2 -> "/metadata/labels/x~1y";
            default -> "/data/k" + random.nextInt(2);
        };
    }

    private static Operation operation(Random random) {
        String op = List.of("add", "remove", "replace", "copy", "move", "test").get(random.nextInt(6));
        String from = path(random);
        String path = path(random);
        String value = "v" + random.nextInt(3);
        boolean moves = op.equals("copy") || op.equals("move");
        String second = moves ? "from" : "value";
        String given = moves ? from : value;
        return new Operation(
                "{\"op\":\"" + op + "\",\"path\":\"" + path + "\",\"" + second + "\":\"" + given + "\"}",
                "JSONPatch{op: '" + op + "', path: '" + path + "', " + second + ": '" + given + "'}",
                op.equals("test"));
    }

    /** Null where the patch is refused. */
    private static Message byClient(ConfigMap map, List<Operation> operations) {
        String patch = operations.stream().map(Operation::json).toList().toString();
        try {
            return Patches.apply(
                            map,
                            "v1",
                            "ConfigMap",
                            PatchForm.JSON,
                            patch.getBytes(StandardCharsets.UTF_8),
                            Strictness.STRICT)
                    .object();
        } catch (ApiException e) {
            return null;
        }
    }

    private static Message byPolicy(ConfigMap map, List<Operation> operations) {
        String expression =
                operations.stream().map(Operation::expression).toList().toString();
        CelCompilation compiled = new PolicyEnvironment(false).compilePatch(expression);
        CelOutcome outcome = ((CelProgram) compiled).evaluate(name -> null);
        assertThat(outcome.error()).isNull();
        try {
            return PolicyPatch.apply(outcome.value(), map, KIND);
        } catch (PolicyFailure | ApiException e) {
            return null;
        }
    }
}

package io.jollyboat.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The protobuf form is the one that the official Java client declares: same messages, numbers and types, same bytes. */
final class ClientJavaProtoTest {
    private static final List<String> FILES = List.of(
            "V1",
            "V1Admissionregistration",
            "V1Apiextensions",
            "V1Apps",
            "V1Authentication",
            "V1Authorization",
            "V1Autoscaling",
            "V1Batch",
            "V1Certificates",
            "V1Coordination",
            "V1Discovery",
            "V1Events",
            "V1Flowcontrol",
            "V1Networking",
            "V1Node",
            "V1Policy",
            "V1Rbac",
            "V1Resource",
            "V1Scheduling",
            "V1Storage",
            "V1alpha1Apiserverinternal",
            "V1alpha1Scheduling",
            "V1beta1Storagemigration",
            "V2Autoscaling");

    private static Map<String, Descriptor> theirs() throws ReflectiveOperationException {
        Map<String, Descriptor> messages = new HashMap<>();
        for (String file : FILES) {
            FileDescriptor descriptor = (FileDescriptor) Class.forName("io.kubernetes.client.proto." + file)
                    .getMethod("getDescriptor")
                    .invoke(null);
            descriptor.getMessageTypes().forEach(message -> messages.put(message.getFullName(), message));
        }
        return messages;
    }

    @Test
    void fields() throws ReflectiveOperationException {
        Map<String, Descriptor> theirs = theirs();
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            for (Descriptor ours :
                    type.prototype().getDescriptorForType().getFile().getMessageTypes()) {
                Descriptor other = theirs.get(ours.getFullName());
                if (other == null) {
                    continue;
                }
                compared++;
                for (FieldDescriptor field : ours.getFields()) {
                    FieldDescriptor same = other.findFieldByNumber(field.getNumber());
                    boolean equal = same != null
                            && same.getName().equals(field.getName())
                            && same.getType() == field.getType()
                            && same.isRepeated() == field.isRepeated();
                    if (!equal) {
                        wrong.add(field.getFullName() + " = " + field.getNumber());
                    }
                }
            }
        }
        assertThat(wrong.stream().distinct()).as("of %d messages", compared).isEmpty();
        assertThat(compared).isGreaterThan(500);
    }

    @Test
    void bytes() throws Exception {
        Map<String, Descriptor> theirs = theirs();
        int compared = 0;
        for (ResourceType<?> type : Kinds.builtIn().all()) {
            Descriptor other =
                    theirs.get(type.prototype().getDescriptorForType().getFullName());
            if (other == null) {
                continue;
            }
            compared++;
            for (long seed = 0; seed < 10; seed++) {
                Message ours = Normalizer.normalize(new RandomMessages(seed).next((Message) type.prototype()));
                DynamicMessage read = DynamicMessage.parseFrom(other, ours.toByteString());
                assertThat(read.getUnknownFields().asMap())
                        .as("%s, seed %d", type, seed)
                        .isEmpty();
                Message back = type.parse(read.toByteString());
                assertThat(back).as("%s, seed %d", type, seed).isEqualTo(ours);
            }
        }
        assertThat(compared).isGreaterThan(50);
    }
}

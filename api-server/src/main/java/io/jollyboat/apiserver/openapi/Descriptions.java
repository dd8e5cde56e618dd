package io.jollyboat.apiserver.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What types and fields mean: the comments of the .proto files. Where a version has none, those of the group's other
 * versions hold. Reads the files when first asked; single use, not thread-safe.
 */
final class Descriptions {
    private static final Pattern TYPE = Pattern.compile("message (\\w+) \\{.*");
    private static final Pattern FIELD =
            Pattern.compile("  (?:(?:optional|repeated|required) \\S+|map<.*>) (\\w+) = \\d.*");
    /** In which the group's texts stand, if not in the type's own. */
    private static final List<String> VERSIONS = List.of("v1", "v2", "v1beta1");

    private static final Map<String, String> COMMON = Map.of(
            "ObjectMeta metadata", "Name, labels, annotations and what else every object has.",
            "ListMeta metadata", "The state that the list shows, and how to go on where it is not complete.",
            "items", "The objects of the list.",
            "spec", "What is wished for.",
            "status", "What was last seen. Written by the system, not by users.");

    private final Map<String, Map<String, String>> files = new HashMap<>();

    /** Empty where there is none. */
    String of(Descriptor type) {
        String own = find(type.getFile(), type.getName());
        return own.isEmpty()
                        && type.findFieldByName("items") != null
                        && type.getName().endsWith("List")
                ? "Objects of a kind, and the version of the state that they show."
                : own;
    }

    /** Empty where there is none. */
    String of(FieldDescriptor field) {
        String own = find(field.getFile(), field.getContainingType().getName() + "." + field.getName());
        if (!own.isEmpty()) {
            return own;
        }
        String type = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated()
                ? field.getMessageType().getName() + " " + field.getName()
                : field.getName();
        return COMMON.getOrDefault(type, COMMON.getOrDefault(field.getName(), ""));
    }

    private String find(FileDescriptor file, String name) {
        String own = texts(file.getName()).getOrDefault(name, "");
        String group = file.getName().substring(0, file.getName().lastIndexOf('/') + 1);
        for (String version : VERSIONS) {
            if (own.isEmpty()) {
                own = texts(group + version + ".proto").getOrDefault(name, "");
            }
        }
        return own;
    }

    private Map<String, String> texts(String file) {
        return files.computeIfAbsent(file, Descriptions::read);
    }

    private static Map<String, String> read(String file) {
        try (InputStream in = Descriptions.class.getResourceAsStream("/proto/" + file)) {
            return in == null ? Map.of() : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By {@code Type} and {@code Type.field}. */
    static Map<String, String> parse(String proto) {
        Map<String, String> texts = new HashMap<>();
        StringBuilder comment = new StringBuilder();
        String type = "";
        for (String line : proto.lines().toList()) {
            String text = line.strip();
            if (text.startsWith("//")) {
                comment.append(comment.isEmpty() ? "" : " ")
                        .append(text.substring(2).strip());
                continue;
            }
            Matcher begins = TYPE.matcher(line);
            Matcher field = FIELD.matcher(line);
            if (begins.matches()) {
                type = begins.group(1);
                texts.put(type, comment.toString());
            } else if (field.matches()) {
                texts.put(type + "." + field.group(1), comment.toString());
            }
            comment.setLength(0);
        }
        return texts;
    }
}

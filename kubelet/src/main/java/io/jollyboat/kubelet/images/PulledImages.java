package io.jollyboat.kubelet.images;

import io.jollyboat.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * With what credentials this kubelet pulled images: a private image that is there may be used only by pods that could
 * pull it themselves. Images that came otherwise are everyone's. Kept in a file, since images outlive the kubelet.
 * Thread-safe.
 */
final class PulledImages {
    private static final Log LOG = Log.of(PulledImages.class);

    private final Path file;
    private final Records records;

    /** @param hash of user name and password */
    record SecretUse(String uid, String namespace, String name, String hash) {
        static SecretUse of(Credential credential) {
            return new SecretUse(
                    credential.origin().uid(),
                    credential.origin().namespace(),
                    credential.origin().name(),
                    credential.hash());
        }

        boolean isSecret(SecretUse other) {
            return uid.equals(other.uid) && namespace.equals(other.namespace) && name.equals(other.name);
        }
    }

    /** @param everyone pulled without a credential */
    record Users(boolean everyone, List<SecretUse> secrets) {}

    /**
     * @param images image id, then repository, to who may use it
     * @param begun full names whose pull has begun and not ended: what became of it is not known after a crash
     */
    record Records(Map<String, Map<String, Users>> images, TreeSet<String> begun) {}

    /** @param file null where images do not outlive the kubelet */
    PulledImages(Path file) {
        this.file = file;
        this.records = read(file);
    }

    private static Records read(Path file) {
        if (file != null && Files.exists(file)) {
            try {
                Records read = JsonMapper.shared().readValue(Files.readAllBytes(file), Records.class);
                Map<String, Map<String, Users>> images = new TreeMap<>();
                read.images().forEach((id, users) -> images.put(id, new TreeMap<>(users)));
                return new Records(images, new TreeSet<>(read.begun()));
            } catch (IOException | JacksonException | NullPointerException e) {
                LOG.error("who may use private images is forgotten", e, "file", file);
            }
        }
        return new Records(new TreeMap<>(), new TreeSet<>());
    }

    synchronized void begin(ImageReference image) {
        if (records.begun().add(image.full())) {
            write();
        }
    }

    synchronized void failed(ImageReference image) {
        if (records.begun().remove(image.full())) {
            write();
        }
    }

    /** @param used null when no credential was needed */
    synchronized void succeeded(ImageReference image, String imageId, Credential used) {
        Map<String, Users> users = records.images().computeIfAbsent(imageId, id -> new TreeMap<>());
        Users before = users.getOrDefault(image.repository(), new Users(false, List.of()));
        users.put(
                image.repository(),
                used == null || before.everyone() ? new Users(true, List.of()) : with(before, SecretUse.of(used)));
        records.begun().remove(image.full());
        write();
    }

    private static Users with(Users users, SecretUse secret) {
        List<SecretUse> secrets = new ArrayList<>(users.secrets());
        secrets.removeIf(s -> s.isSecret(secret));
        secrets.add(secret);
        return new Users(false, secrets);
    }

    /** What a present image asks of a pod. */
    enum Access {
        FREE,
        /** One of the recorded secrets, or the same credential in another. */
        BY_SECRET,
        /** Nobody is known to have it by right: it must be pulled. */
        BY_PULL
    }

    synchronized Access access(ImageReference image, String imageId) {
        Map<String, Users> users = records.images().get(imageId);
        if (users == null) {
            return records.begun().contains(image.full()) ? Access.BY_PULL : Access.FREE;
        }
        Users ofRepository = users.get(image.repository());
        if (ofRepository == null) {
            return Access.BY_PULL;
        }
        return ofRepository.everyone()
                ? Access.FREE
                : ofRepository.secrets().isEmpty() ? Access.BY_PULL : Access.BY_SECRET;
    }

    /** Whether a pod with these credentials could have pulled it; remembers a secret's new content, or a like secret. */
    synchronized boolean mayUse(ImageReference image, String imageId, List<Credential> credentials) {
        Users users = records.images().getOrDefault(imageId, Map.of()).get(image.repository());
        if (users == null) {
            return false;
        }
        for (Credential credential : credentials) {
            SecretUse use = SecretUse.of(credential);
            if (users.secrets().stream().anyMatch(s -> s.hash().equals(use.hash()) || s.isSecret(use))) {
                if (!users.secrets().contains(use)) {
                    records.images().get(imageId).put(image.repository(), with(users, use));
                    write();
                }
                return true;
            }
        }
        return false;
    }

    private void write() {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.write(part, JsonMapper.shared().writeValueAsBytes(records));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.error("who may use pulled images cannot be kept", e, "file", file);
        }
    }
}

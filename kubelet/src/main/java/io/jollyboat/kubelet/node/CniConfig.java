package io.jollyboat.kubelet.node;

import io.jollyboat.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes the pods' network once the node has its range: a bridge with addresses from the range, and host ports. The
 * container runtime picks the file up by itself.
 */
public final class CniConfig {
    private static final Log LOG = Log.of(CniConfig.class);

    private final Path file;
    private final Path dataDir;
    private String written = "";

    /**
     * @param folder where the runtime looks
     * @param dataDir where addresses in use are noted; each node of a host needs its own
     */
    public CniConfig(Path folder, Path dataDir) {
        this.file = folder.resolve("10-jollyboat.conflist");
        this.dataDir = dataDir;
    }

    /** @param podCidr empty: none yet */
    public synchronized void write(String podCidr) {
        if (podCidr.isEmpty() || podCidr.equals(written)) {
            return;
        }
        String text = text(podCidr, dataDir);
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                Files.createDirectories(file.getParent());
                Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
                Files.writeString(fresh, text);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                LOG.info("pod network configured", "podCidr", podCidr, "file", file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        written = podCidr;
    }

    static String text(String podCidr, Path dataDir) {
        String anywhere = podCidr.contains(":") ? "::/0" : "0.0.0.0/0";
        return """
                {
                  "cniVersion": "0.4.0",
                  "name": "jollyboat",
                  "plugins": [
                    {
                      "type": "bridge",
                      "bridge": "cni0",
                      "isGateway": true,
                      "hairpinMode": true,
                      "ipMasq": false,
                      "ipam": {
                        "type": "host-local",
                        "dataDir": "%s",
                        "ranges": [[{"subnet": "%s"}]],
                        "routes": [{"dst": "%s"}]
                      }
                    },
                    {
                      "type": "portmap",
                      "capabilities": {"portMappings": true}
                    }
                  ]
                }
                """.formatted(dataDir, podCidr, anywhere);
    }
}

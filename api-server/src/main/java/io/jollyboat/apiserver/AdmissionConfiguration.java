package io.jollyboat.apiserver;

import io.jollyboat.apiserver.admission.podsecurity.PodSecurityConfiguration;
import io.jollyboat.config.ConfigException;
import io.jollyboat.config.ConfigLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of admission plugins: a file of upstream's form. Only PodSecurity has any here. */
record AdmissionConfiguration(String apiVersion, String kind, List<Plugin> plugins) {
    AdmissionConfiguration {
        if (!apiVersion.equals("apiserver.config.k8s.io/v1") || !kind.equals("AdmissionConfiguration")) {
            throw new IllegalArgumentException("apiVersion: must be apiserver.config.k8s.io/v1, and kind"
                    + " AdmissionConfiguration; found " + apiVersion + ", " + kind);
        }
    }

    static AdmissionConfiguration defaults() {
        return new AdmissionConfiguration("apiserver.config.k8s.io/v1", "AdmissionConfiguration", List.of());
    }

    /**
     * @param path of a file with the configuration, from where this file is
     * @param configuration in place
     */
    record Plugin(String name, Optional<Path> path, Optional<PodSecurityConfiguration> configuration) {
        Plugin {
            if (name != null && !name.equals("PodSecurity")) {
                throw new IllegalArgumentException("name: only PodSecurity can be configured, not \"" + name + "\"");
            }
            if (path.isPresent() == configuration.isPresent()) {
                throw new IllegalArgumentException("path: either it or configuration must be set");
            }
        }
    }

    /** @throws IllegalArgumentException that says what is wrong in the file */
    static PodSecurityConfiguration podSecurity(Path file) {
        try {
            PodSecurityConfiguration read = PodSecurityConfiguration.NONE;
            for (Plugin plugin :
                    ConfigLoader.load(file, AdmissionConfiguration.class).plugins()) {
                read = plugin.configuration().isPresent()
                        ? plugin.configuration().get()
                        : ConfigLoader.load(
                                file.resolveSibling(plugin.path().orElseThrow()), PodSecurityConfiguration.class);
            }
            return read;
        } catch (ConfigException e) {
            throw new IllegalArgumentException("admissionFile: " + e.getMessage(), e);
        }
    }
}

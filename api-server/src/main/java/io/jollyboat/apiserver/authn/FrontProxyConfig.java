package io.jollyboat.apiserver.authn;

import java.nio.file.Path;
import java.util.List;

/**
 * Proxies that are believed when they name somebody in headers. Of headers that are not told the usual ones count.
 *
 * @param clientCaFile who signs their certificates
 * @param allowedNames common names of their certificates; empty for any
 * @param usernameHeaders the first one that is there counts
 * @param uidHeaders the first one that is there counts
 * @param groupHeaders all count
 * @param extraHeaderPrefixes what follows is the name of something more that is known
 */
public record FrontProxyConfig(
        Path clientCaFile,
        List<String> allowedNames,
        List<String> usernameHeaders,
        List<String> uidHeaders,
        List<String> groupHeaders,
        List<String> extraHeaderPrefixes) {
    public FrontProxyConfig {
        if (clientCaFile == null) {
            throw new IllegalArgumentException("requestHeader.clientCaFile: must be set");
        }
        allowedNames = allowedNames == null ? List.of() : List.copyOf(allowedNames);
        usernameHeaders = or(usernameHeaders, "X-Remote-User");
        uidHeaders = or(uidHeaders, "X-Remote-Uid");
        groupHeaders = or(groupHeaders, "X-Remote-Group");
        extraHeaderPrefixes = or(extraHeaderPrefixes, "X-Remote-Extra-");
    }

    private static List<String> or(List<String> given, String usual) {
        return given == null || given.isEmpty() ? List.of(usual) : List.copyOf(given);
    }

    /** Those with the one name, and the usual headers. */
    public static FrontProxyConfig usual(Path clientCaFile, String name) {
        return new FrontProxyConfig(clientCaFile, List.of(name), null, null, null, null);
    }
}

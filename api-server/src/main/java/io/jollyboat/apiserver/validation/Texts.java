package io.jollyboat.apiserver.validation;

import io.jollyboat.values.Names;
import java.util.List;

/** Forms of text that several kinds have, beyond those of names. */
final class Texts {
    private static final String HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    private static final int DOMAIN_LIMIT = 253;
    private static final int SIGNER_LIMIT = DOMAIN_LIMIT + 1 + DOMAIN_LIMIT + 63 + 1;

    private Texts() {}

    /** {@code example.com/path}. */
    static void domainPrefixedPath(Errors errors, String text, String path) {
        if (!errors.present(path, text)) {
            return;
        }
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            errors.invalid(path, text, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        String host = text.substring(0, slash);
        errors.invalid(path, host, Names.dns1123Subdomain(host));
        String rest = text.substring(slash + 1);
        if (!rest.matches(HTTP_PATH)) {
            errors.invalid(path, rest, "Invalid path (regex used for validation is '" + HTTP_PATH + "')");
        }
    }

    /** @param group null where there is none */
    static void objectReference(Errors errors, String group, String kind, String name, String path) {
        if (group != null) {
            errors.invalid(path + ".apiGroup", group, Names.dns1123Subdomain(group));
        }
        if (errors.present(path + ".kind", kind)) {
            errors.invalid(path + ".kind", kind, Names.pathSegment(kind));
        }
        if (errors.present(path + ".name", name)) {
            errors.invalid(path + ".name", name, Names.pathSegment(name));
        }
    }

    /** {@code example.com/signer}. */
    static void signerName(Errors errors, String name, String path) {
        if (!errors.present(path, name)) {
            return;
        }
        String[] segments = name.split("/", -1);
        if (segments.length != 2) {
            errors.invalid(
                    path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (segments[0].length() > DOMAIN_LIMIT) {
            errors.tooLong(path, DOMAIN_LIMIT);
        }
        String[] domain = segments[0].split("\\.", -1);
        labels(errors, segments[0], domain, true, path);
        if (domain.length < 2) {
            errors.invalid(path, segments[0], "should be a domain with at least two segments separated by dots");
        }
        labels(errors, segments[1], segments[1].split("\\.", -1), false, path);
        if (name.length() > SIGNER_LIMIT) {
            errors.tooLong(path, SIGNER_LIMIT);
        }
    }

    /** The first faulty one is enough. */
    private static void labels(Errors errors, String shown, String[] labels, boolean domain, String path) {
        for (String label : labels) {
            List<String> problems = domain ? Names.dns1123Label(label) : Names.dns1123Subdomain(label);
            for (String problem : problems) {
                errors.invalid(path, shown, "validating label \"" + label + "\": " + problem);
            }
            if (!problems.isEmpty()) {
                return;
            }
        }
    }

    /** Kinds are names that may have large letters. */
    static void mixedCaseLabel(Errors errors, String text, String path) {
        for (String problem : Names.dns1035Label(text.toLowerCase(java.util.Locale.ROOT))) {
            errors.invalid(path, text, "may have mixed case, but should otherwise match: " + problem);
        }
    }
}

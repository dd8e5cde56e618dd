package io.jollyboat.apiserver.definitions;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.apiserver.custom.CustomDefinition;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What of a definition matters to those that serve its objects, in few bytes.
 *
 * @param objects its spec and accepted names, which decide what objects are
 */
record DefinitionDigest(String uid, String objects, boolean terminating) {
    static DefinitionDigest of(CustomResourceDefinition definition) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(definition.getSpec().toByteArray());
            digest.update(definition.getStatus().getAcceptedNames().toByteArray());
            return new DefinitionDigest(
                    definition.getMetadata().getUid(),
                    HexFormat.of().formatHex(digest.digest()),
                    CustomDefinition.isTrue(definition, "Terminating"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    boolean sameObjects(DefinitionDigest other) {
        return uid.equals(other.uid) && objects.equals(other.objects);
    }
}

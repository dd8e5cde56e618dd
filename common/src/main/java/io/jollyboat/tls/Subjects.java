package io.jollyboat.tls;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/** Reads distinguished names. */
public final class Subjects {
    private Subjects() {}

    /** The values of an attribute as they are, in order; TlsException when one is no text. */
    public static List<String> values(X500Name subject, ASN1ObjectIdentifier attribute) {
        List<String> values = new ArrayList<>();
        for (RDN rdn : subject.getRDNs(attribute)) {
            for (var part : rdn.getTypesAndValues()) {
                if (!part.getType().equals(attribute)) {
                    continue;
                }
                if (!(part.getValue() instanceof ASN1String text)) {
                    throw new TlsException("a name in the certificate is no text");
                }
                values.add(text.getString());
            }
        }
        return values;
    }
}

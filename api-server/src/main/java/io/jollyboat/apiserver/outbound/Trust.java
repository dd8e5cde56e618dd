package io.jollyboat.apiserver.outbound;

import io.jollyboat.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed, and how the server itself is known to the other side. */
public final class Trust {
    private final X509TrustManager authorities;
    private final Supplier<KeyManager[]> identity;
    private final Supplier<SSLContext> made;

    /**
     * @param authorities null to believe anyone
     * @param made in place of a context of these two; null for none
     */
    private Trust(X509TrustManager authorities, Supplier<KeyManager[]> identity, Supplier<SSLContext> made) {
        this.authorities = authorities;
        this.identity = identity;
        this.made = made;
    }

    /** Made when first needed: reading the system's authorities takes a while. */
    private static final class System {
        static final X509TrustManager ROOTS = manager(null);
    }

    /**
     * @param bundle PEM certificates; empty for the system's authorities
     * @throws CallException as upstream words a bundle that holds none
     */
    public static Trust of(byte[] bundle) throws CallException {
        return of(bundle, () -> null);
    }

    /** @param identity what the server shows when it is asked for a certificate; may give null */
    public static Trust of(byte[] bundle, Supplier<KeyManager[]> identity) throws CallException {
        if (bundle.length == 0) {
            return new Trust(System.ROOTS, identity, null);
        }
        try {
            List<X509Certificate> certificates =
                    Pem.certificates(new String(bundle, java.nio.charset.StandardCharsets.ISO_8859_1));
            if (certificates.isEmpty()) {
                throw noCertificates();
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("ca" + i, certificates.get(i));
            }
            return new Trust(manager(store), identity, null);
        } catch (CertificateException | java.io.IOException e) {
            throw noCertificates();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has the default key store
        }
    }

    private static CallException noCertificates() {
        return new CallException("unable to load root certificates: unable to parse bytes as PEM block");
    }

    /** Believes anyone; for whom the administrator asked to skip the check. */
    public static Trust anyone(Supplier<KeyManager[]> identity) {
        return new Trust(null, identity, null);
    }

    /** As a context that was made elsewhere has it. The server's certificate must be for the name that is called. */
    public static Trust as(Supplier<SSLContext> context) {
        return new Trust(null, () -> null, context);
    }

    /** Whether it is left to the connection to compare the name. */
    boolean leavesName() {
        return made != null;
    }

    private static X509TrustManager manager(KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("no trust manager for X.509");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has the default one
        }
    }

    /** A context for one connection to the named server. */
    SSLContext context(String serverName, java.time.InstantSource clock) {
        if (made != null) {
            return made.get();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] managers = {new ServerCheck(Optional.ofNullable(authorities), serverName, clock)};
            context.init(identity.get(), managers, null);
            return context;
        } catch (NoSuchAlgorithmException | KeyManagementException e) {
            throw new IllegalStateException(e); // every JDK has TLS
        }
    }
}

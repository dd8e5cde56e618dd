package io.jollyboat.tls;

import io.jollyboat.log.Log;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What the files say now: looks at them when a handshake begins (three {@code stat} calls) and reads them again when they
 * changed. A state that cannot be used, such as a new key beside an old certificate, leaves the last good one in place.
 */
final class ReloadingIdentity {
    private static final Log LOG = Log.of(ReloadingIdentity.class);
    private static final String ALIAS = "own";

    private final TlsFiles files;
    private volatile Loaded loaded;

    ReloadingIdentity(TlsFiles files) {
        this.files = files;
        this.loaded = load(stamps());
    }

    private Loaded current() {
        List<String> stamps = stamps();
        Loaded present = loaded;
        if (stamps.equals(present.stamps)) {
            return present;
        }
        try {
            Loaded fresh = load(stamps);
            loaded = fresh;
            LOG.info("certificate files were read again", "certificate", files.certificate());
            return fresh;
        } catch (TlsException e) {
            LOG.warn("changed certificate files cannot be used, the last ones stay", "reason", e.getMessage());
            loaded = present.withStamps(stamps);
            return present;
        }
    }

    private List<String> stamps() {
        List<String> stamps = new ArrayList<>();
        for (Path file : new Path[] {files.certificate(), files.key(), files.authorities()}) {
            stamps.add(file == null ? "" : stamp(file));
        }
        return stamps;
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException e) {
            return "absent";
        }
    }

    private Loaded load(List<String> stamps) {
        X509Certificate[] chain = null;
        PrivateKey key = null;
        if (files.certificate() != null) {
            chain = Pem.certificates(files.certificate()).toArray(new X509Certificate[0]);
            key = Pem.privateKey(files.key());
            if (!CertificateCheck.belongTogether(chain[0].getPublicKey(), key)) {
                throw new TlsException(files.key() + ": not the key of " + files.certificate());
            }
        }
        List<X509Certificate> authorities =
                files.authorities() == null ? List.of() : Pem.certificates(files.authorities());
        return new Loaded(stamps, chain, key, authorities.isEmpty() ? null : trustManager(authorities));
    }

    private static X509ExtendedTrustManager trustManager(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("no trust manager for the authorities", e);
        }
    }

    X509ExtendedKeyManager keyManager() {
        return new Keys();
    }

    /**
     * @param verifyClients false lets every client certificate through, for a server that judges them later
     * @param others whose certificates are asked for as well
     */
    X509ExtendedTrustManager trustManager(boolean verifyClients, List<X509Certificate> others) {
        return new Trust(verifyClients, others);
    }

    // Never compared; the arrays are those the JDK asks for.
    @SuppressWarnings("ArrayRecordComponent")
    private record Loaded(
            List<String> stamps, X509Certificate[] chain, PrivateKey key, X509ExtendedTrustManager trust) {
        Loaded withStamps(List<String> others) {
            return new Loaded(others, chain, key, trust);
        }
    }

    private final class Keys extends X509ExtendedKeyManager {
        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return choose(keyTypes);
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return choose(keyType);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return choose(keyTypes);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return choose(keyType);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        // The key type must fit, else the handshake picks a cipher that the key cannot serve.
        private String choose(String... keyTypes) {
            PrivateKey key = current().key;
            if (key == null) {
                return null;
            }
            for (String keyType : keyTypes) {
                if (keyType.equals(key.getAlgorithm()) || keyType.startsWith(key.getAlgorithm() + "_")) {
                    return ALIAS;
                }
            }
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            X509Certificate[] chain = loaded.chain;
            return chain == null ? null : chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return loaded.key;
        }
    }

    private final class Trust extends X509ExtendedTrustManager {
        private final boolean verifyClients;
        private final List<X509Certificate> others;

        private Trust(boolean verifyClients, List<X509Certificate> others) {
            this.verifyClients = verifyClients;
            this.others = List.copyOf(others);
        }

        private X509ExtendedTrustManager trust() throws CertificateException {
            X509ExtendedTrustManager trust = current().trust;
            if (trust == null) {
                throw new CertificateException("no authority is trusted here");
            }
            return trust;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            requireHostnameCheck(engine.getSSLParameters().getEndpointIdentificationAlgorithm());
            trust().checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            requireHostnameCheck(
                    socket instanceof javax.net.ssl.SSLSocket ssl
                            ? ssl.getSSLParameters().getEndpointIdentificationAlgorithm()
                            : null);
            trust().checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            requireHostnameCheck(null);
        }

        // Another server's certificate of the same authority must not pass for this one's.
        private static void requireHostnameCheck(String algorithm) throws CertificateException {
            if (algorithm == null || algorithm.isEmpty()) {
                throw new CertificateException("refused: the client does not check the server's name");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            if (verifyClients) {
                trust().checkClientTrusted(chain, authType, engine);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            if (verifyClients) {
                trust().checkClientTrusted(chain, authType, socket);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            if (verifyClients) {
                trust().checkClientTrusted(chain, authType);
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            X509ExtendedTrustManager trust = current().trust;
            List<X509Certificate> all =
                    new ArrayList<>(trust == null ? List.of() : List.of(trust.getAcceptedIssuers()));
            all.addAll(others);
            return all.toArray(X509Certificate[]::new);
        }
    }
}

package io.jollyboat.tls;

import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * TLS contexts of every form from one set of PEM files. TLS 1.2 and newer. New connections use what the files say at
 * that time, so a rotated certificate needs no restart. Clients always check the server's name. Thread-safe.
 */
public final class TlsContexts {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final String[] NEWEST = {"TLSv1.3"};

    private final TlsFiles files;
    private final ReloadingIdentity identity;

    /** Reads the files; TlsException names the one that cannot be used. */
    public TlsContexts(TlsFiles files) {
        this.files = files;
        this.identity = new ReloadingIdentity(files);
    }

    /** What a server asks of its clients. */
    public enum ClientCertificate {
        /** Does not ask. */
        NONE,
        /**
         * Takes any certificate the client shows, also one of a stranger or expired: the receiver must verify the chain.
         * So a bad certificate is answered with a 401 Status rather than a broken connection.
         */
        REQUESTED,
        /** Only clients whose certificate one of the authorities signed. */
        REQUIRED
    }

    /** What this end shows, for those who make contexts of their own. */
    public X509ExtendedKeyManager keyManager() {
        return identity.keyManager();
    }

    /** For the JDK's own clients and servers. */
    public SSLContext jdk() {
        return jdk(true, List.of());
    }

    /** @param strict false takes any certificate of the other side */
    private SSLContext jdk(boolean strict, List<X509Certificate> others) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {identity.keyManager()},
                    new TrustManager[] {identity.trustManager(strict, others)},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException("no TLS context", e);
        }
    }

    /** @param protocols what ALPN offers, best first, such as {@code h2}, {@code http/1.1}; none: no ALPN */
    public SslContext nettyServer(ClientCertificate clients, String... protocols) {
        return nettyServer(clients, List.of(), protocols);
    }

    /**
     * @param others whose certificates clients may show beside those of the authorities: many show none that nobody asks
     *     for
     * @param protocols what ALPN offers, best first; none: no ALPN
     */
    public SslContext nettyServer(ClientCertificate clients, List<X509Certificate> others, String... protocols) {
        return server(clients, others, PROTOCOLS, protocols);
    }

    private SslContext server(
            ClientCertificate clients, List<X509Certificate> others, String[] versions, String... protocols) {
        requireCertificate();
        ClientAuth authentication = switch (clients) {
            case NONE -> ClientAuth.NONE;
            case REQUESTED -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
        // Not by the builder: its server class first tries out a key of Netty's own with all of BouncyCastle.
        return new JdkSslContext(
                jdk(clients == ClientCertificate.REQUIRED, others),
                false,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                alpn(protocols),
                authentication,
                versions.clone(),
                false);
    }

    /** @param protocols what ALPN offers, best first; none: no ALPN */
    public SslContext nettyClient(String... protocols) {
        return build(nettyClientBuilder().applicationProtocolConfig(alpn(protocols)));
    }

    /** As jetcd wants it: a client with gRPC's ALPN. */
    public SslContext grpcNettyClient() {
        return build(GrpcSslContexts.configure(nettyClientBuilder(), SslProvider.JDK));
    }

    /**
     * Clients must show a certificate that one of the authorities signed. They are components of ours, all of which
     * speak TLS 1.3, in which no client can make a server work by one handshake after the other.
     */
    public ServerCredentials grpcServer() {
        return NettySslContextServerCredentials.create(server(ClientCertificate.REQUIRED, List.of(), NEWEST, "h2"));
    }

    private void requireCertificate() {
        if (files.certificate() == null) {
            throw new TlsException("a TLS server needs a certificate");
        }
    }

    private SslContextBuilder nettyClientBuilder() {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(PROTOCOLS)
                .keyManager(identity.keyManager())
                .trustManager(identity.trustManager(true, List.of()))
                .endpointIdentificationAlgorithm("HTTPS");
    }

    private static ApplicationProtocolConfig alpn(String... protocols) {
        return protocols.length == 0
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new TlsException("no TLS context", e);
        }
    }
}

package io.jollyboat.apiserver.rest;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who is at the other end of a connection.
 *
 * @param chain the verified client certificates, leaf first; empty without one
 */
record Peer(InetSocketAddress address, List<X509Certificate> chain) {
    static Peer of(Channel channel, SslHandler tls) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            chain.clear(); // no client certificate: the request may still bring a token
        }
        return new Peer((InetSocketAddress) channel.remoteAddress(), List.copyOf(chain));
    }
}

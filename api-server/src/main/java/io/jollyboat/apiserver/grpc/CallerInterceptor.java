package io.jollyboat.apiserver.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jollyboat.apiserver.auth.Credentials;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Puts what the caller brought into the call's context. */
final class CallerInterceptor implements ServerInterceptor {
    static final Context.Key<Credentials> CREDENTIALS = Context.key("credentials");
    /** Only where there is an audit log. */
    static final Context.Key<CallOrigin> ORIGIN = Context.key("origin");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final boolean audited;

    CallerInterceptor(boolean audited) {
        this.audited = audited;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String header = headers.get(AUTHORIZATION);
        String token = header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : null;
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        // A component's connection carries calls under several identities: a token speaks for the call, the
        // certificate only for the connection. REST keeps upstream's order, certificate first.
        Credentials credentials =
                token != null ? new Credentials(List.of(), token) : new Credentials(chain(session), null);
        Context context = Context.current().withValue(CREDENTIALS, credentials);
        if (audited) {
            context = context.withValue(ORIGIN, CallOrigin.of(call, headers));
        }
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static List<X509Certificate> chain(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            if (session != null) {
                for (Certificate certificate : session.getPeerCertificates()) {
                    chain.add((X509Certificate) certificate);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            chain.clear(); // no certificate: the gate says no
        }
        return List.copyOf(chain);
    }
}

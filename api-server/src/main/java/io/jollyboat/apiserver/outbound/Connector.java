package io.jollyboat.apiserver.outbound;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens connections, and says in Go's words why one cannot be opened. */
final class Connector {
    private static final int CONNECT_MILLIS = 30_000;

    private final InstantSource clock;

    Connector(InstantSource clock) {
        this.clock = clock;
    }

    /** @param opened is told of the socket before anything waits on it, so that it can be closed from elsewhere */
    Connection open(Peer peer, Consumer<Socket> opened) throws CallException {
        Address address = peer.dialer().resolve();
        Socket plain = new Socket();
        opened.accept(plain);
        InetAddress found = lookUp(address);
        String where = "dial tcp " + new Address(found.getHostAddress(), address.port());
        try {
            plain.connect(new InetSocketAddress(found, address.port()), CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
        } catch (IOException e) {
            close(plain);
            throw new CallException(where + ": " + connecting(e));
        }
        try {
            return new Connection(peer.trust() == null ? plain : secured(peer, plain));
        } catch (IOException e) {
            close(plain);
            throw new CallException(words(e));
        }
    }

    private static InetAddress lookUp(Address address) throws CallException {
        try {
            return InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            throw new CallException("dial tcp: lookup " + address.host() + ": no such host");
        }
    }

    private Socket secured(Peer peer, Socket plain) throws IOException {
        String name = peer.serverName();
        SSLSocket socket = (SSLSocket)
                peer.trust().context(name, clock).getSocketFactory().createSocket(plain, name, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        if (name.indexOf(':') < 0 && !name.matches("[0-9.]+") && name.indexOf('.') >= 0) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (peer.trust().leavesName()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String connecting(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return switch (e) {
            case SocketTimeoutException timeout -> "i/o timeout";
            case NoRouteToHostException none -> "connect: no route to host";
            case ConnectException refused when text.contains("refused") -> "connect: connection refused";
            case ConnectException late when text.contains("timed out") -> "connect: connection timed out";
            case SocketException other when text.contains("unreachable") -> "connect: network is unreachable";
            default -> "connect: " + text;
        };
    }

    /** Of a connection that stands. */
    static String words(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    && cause.getMessage() != null
                    && cause.getMessage().startsWith("tls: ")) {
                return cause.getMessage();
            }
        }
        String text = String.valueOf(e.getMessage());
        return switch (e) {
            case SSLException tls
            when text.contains("plaintext connection") || text.contains("Unsupported or unrec") ->
                "http: server gave HTTP response to HTTPS client";
            case SSLException tls
            when text.startsWith("Received fatal alert: ") ->
                "remote error: tls: " + text.substring(22).replace('_', ' ');
            case SSLException tls when text.contains("terminated the handshake") -> "EOF";
            case SSLException tls when tls.getCause() instanceof EOFException -> "EOF";
            case SSLException tls -> "tls: " + text;
            case EOFException eof -> text.equals("null") || text.isEmpty() ? "unexpected EOF" : text;
            case SocketException reset when text.contains("reset") -> "read: connection reset by peer";
            case SocketException broken when text.contains("Broken pipe") -> "write: broken pipe";
            case SocketTimeoutException late -> "i/o timeout";
            default -> text;
        };
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is being given up anyway.
        }
    }
}

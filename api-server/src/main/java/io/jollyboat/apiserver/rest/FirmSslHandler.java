package io.jollyboat.apiserver.rest;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Ends a connection whose client begins another handshake on it, as Go's server does: a handshake costs a server more
 * than its client. TLS 1.3 has none; in TLS 1.2 a record says in plain what it is, also once it is encrypted. (The JDK
 * knows of this by a property of the whole process only, which is not for a library to set.)
 */
final class FirmSslHandler extends SslHandler {
    private static final byte HANDSHAKE_RECORD = 22;

    FirmSslHandler(SSLEngine engine) {
        super(engine);
    }

    /** Called at the begin of each record, or for more of it. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws SSLException {
        if (in.isReadable()
                && in.getByte(in.readerIndex()) == HANDSHAKE_RECORD
                && handshakeFuture().isSuccess()
                && engine().getSession().getProtocol().equals("TLSv1.2")) {
            in.skipBytes(in.readableBytes());
            var _ = context.close();
            throw new SSLHandshakeException("renegotiation is not allowed");
        }
        super.decode(context, in, out);
    }
}

package io.jollyboat.apiserver.rest;

/** Ends a request with an answer that is no Status. */
final class PlainReply extends RuntimeException {
    static final Reply NOT_FOUND = Reply.text(404, "404 page not found\n");
    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    PlainReply(Reply reply) {
        super(null, null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}

package io.jollyboat.apiserver.outbound;

import java.io.InputStream;

/**
 * A request's body that is sent while it comes.
 *
 * @param length -1 where nobody knows it beforehand
 */
public record Content(InputStream bytes, long length) {}

/** The HTTPS door: HTTP/1.1 and HTTP/2 on Netty, content negotiation, and the mapping of paths and bodies to the
 * request path. Netty's event loop only moves bytes; each request runs on a virtual thread of its own. */
package io.jollyboat.apiserver.rest;

/** HTTP/1.1 connections on one event loop, and closed loops of requests over them. */
package io.jollyboat.bench.load;

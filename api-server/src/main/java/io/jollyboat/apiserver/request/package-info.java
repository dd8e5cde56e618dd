/**
 * The request path below both doors: what a request means, and what create, get, list, watch, update, patch and delete
 * do for any kind. Every call runs on the caller's (virtual) thread and may block; nothing here knows HTTP or gRPC.
 */
package io.jollyboat.apiserver.request;

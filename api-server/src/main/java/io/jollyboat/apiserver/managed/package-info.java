/**
 * Who set which field: managed fields of every write, and server-side apply. Pure functions over messages, JSON trees and
 * field sets, but for caches; for the request path.
 */
package io.jollyboat.apiserver.managed;

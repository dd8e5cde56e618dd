/**
 * What a fresh cluster holds: namespaces, default roles and bindings, priorities, and where aggregated API servers find
 * the authorities. The objects are data (YAML beside the classes); the reconciler writes them through the request path at
 * every start, and leaves alone what an administrator took into their own hands. One run at a time.
 */
package io.jollyboat.apiserver.bootstrap;

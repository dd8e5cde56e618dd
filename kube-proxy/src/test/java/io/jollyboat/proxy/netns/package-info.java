/** Throw-away network namespaces for tests: small networks of nodes and pods, gone with the threads that hold them. */
package io.jollyboat.proxy.netns;

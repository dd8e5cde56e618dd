/**
 * Asks servers that an administrator named in kubeconfig files: posts reviews of tokens and of access, and keeps answers
 * a while. Thread-safe; a call blocks its virtual thread. Used by authentication and authorization.
 */
package io.jollyboat.apiserver.remote;

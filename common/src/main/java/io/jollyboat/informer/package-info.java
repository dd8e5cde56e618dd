/**
 * Local copies of collections, kept by list and watch. A copy survives the loss of the API server: it serves its last
 * state and catches up on return.
 */
package io.jollyboat.informer;

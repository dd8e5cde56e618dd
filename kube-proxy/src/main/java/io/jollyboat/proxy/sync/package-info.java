/**
 * Keeps the node's rules and routes as the API asks. One loop, on one thread, does all the changes; it sleeps until an
 * informer reports something, and there is no timer between a change and its effect.
 */
package io.jollyboat.proxy.sync;

/**
 * The end of a namespace: all that is in it is deleted, pods before the rest, and then the namespace itself. Conditions
 * say what is left and why.
 */
package io.jollyboat.controllers.namespace;

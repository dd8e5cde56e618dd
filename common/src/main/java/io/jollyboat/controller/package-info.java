/**
 * The one way to write a controller: a {@link io.jollyboat.controller.Reconciler} says what to do for a key, the loop
 * owns queue, de-duplication, back-off, metrics and exceptions. A controller has no thread and never sleeps.
 */
package io.jollyboat.controller;

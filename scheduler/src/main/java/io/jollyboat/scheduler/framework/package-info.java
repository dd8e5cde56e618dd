/**
 * What a scheduler plugin is and sees: one small interface per extension point, sealed results, an immutable view of the
 * cluster. A plugin implements the points it cares for; everything but binding is called on the scheduler's one thread.
 *
 * <p>Plugins depend on this package only.
 */
package io.jollyboat.scheduler.framework;

/** The scheduler process: {@link io.jollyboat.scheduler.Scheduler} puts the parts together and can be embedded. */
package io.jollyboat.scheduler;

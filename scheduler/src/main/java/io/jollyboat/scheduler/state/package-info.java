/**
 * The nodes and what is used on them, in columns: one primitive array per figure, one index per node. All of it belongs
 * to the scheduler's one thread, so that an attempt needs neither lock nor copy.
 */
package io.jollyboat.scheduler.state;

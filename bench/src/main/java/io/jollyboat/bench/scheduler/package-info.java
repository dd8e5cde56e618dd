/** How many pods a second the scheduler places, through the API server. */
package io.jollyboat.bench.scheduler;

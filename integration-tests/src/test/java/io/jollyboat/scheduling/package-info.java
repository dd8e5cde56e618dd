/** The scheduler on a real API server. */
package io.jollyboat.scheduling;

/**
 * Time, threads and randomness, handed in: {@link io.jollyboat.runtime.SystemRuntime} in a process, a virtual one in
 * tests and simulation. Nothing else in the code base reads a clock, sleeps, starts a thread or draws a random number.
 */
package io.jollyboat.runtime;

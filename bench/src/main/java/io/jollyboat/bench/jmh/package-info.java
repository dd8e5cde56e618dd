/** Micro-benchmarks; run with {@code org.openjdk.jmh.Main}. */
package io.jollyboat.bench.jmh;

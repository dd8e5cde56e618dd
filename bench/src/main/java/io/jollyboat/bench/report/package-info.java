/** Figures, as JSON lines for programs and as a table for people. */
package io.jollyboat.bench.report;

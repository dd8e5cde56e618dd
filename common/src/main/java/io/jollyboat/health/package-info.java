/** The small HTTP(S) server of every process: {@code /healthz}, {@code /livez}, {@code /readyz} and {@code /metrics}. */
package io.jollyboat.health;

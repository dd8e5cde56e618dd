/**
 * The {@code jolly} command: a cluster's life on this machine. One run at a time holds the cluster's lock; what runs is
 * found again through pid files, never by name. Depends on no process module: processes are started by their main class.
 */
package io.jollyboat.cli;

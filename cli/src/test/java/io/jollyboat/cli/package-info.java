/** Tests of the command without a cluster: what it refuses, and how it says so. */
package io.jollyboat.cli;

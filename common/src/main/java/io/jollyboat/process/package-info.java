/** The life of a process: arguments, configuration, start, signals, orderly end. */
package io.jollyboat.process;

/**
 * Logging: a constant message and key-value pairs, always with the object's key, one line per record on standard error.
 * {@link io.jollyboat.log.Log} is what code uses; Logback behind it is set up in code, which starts faster than XML.
 */
package io.jollyboat.log;

/** The house rules as tests: which module and package may use which, and what no source file may contain. */
package io.jollyboat.rules;

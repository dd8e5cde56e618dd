/** The small value types of the API in upstream's exact forms: quantities, int-or-string, times. Pure functions. */
package io.jollyboat.values;

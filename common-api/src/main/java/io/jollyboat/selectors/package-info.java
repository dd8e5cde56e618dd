/** Label and field selectors: reading their text with upstream's errors, and matching. Pure and immutable. */
package io.jollyboat.selectors;

/** The measurements. Each makes what it needs and removes it, and answers figures. */
package io.jollyboat.bench.measure;

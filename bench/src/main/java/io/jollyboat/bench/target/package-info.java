/** Where the measured server is, and who we are to it. */
package io.jollyboat.bench.target;

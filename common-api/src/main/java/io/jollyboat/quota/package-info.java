/** How much objects use of what quotas limit: the same sums at admission and when they are counted anew. Pure. */
package io.jollyboat.quota;

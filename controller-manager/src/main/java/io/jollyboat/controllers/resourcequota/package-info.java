/** Counts anew what quotas limit, when something was set free. One loop; its own workers. */
package io.jollyboat.controllers.resourcequota;

/** ClusterRoles whose rules are gathered from others by labels, such as admin, edit and view. */
package io.jollyboat.controllers.clusterrole;

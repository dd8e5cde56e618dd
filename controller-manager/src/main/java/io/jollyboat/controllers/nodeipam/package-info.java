/** Gives each node a part of the cluster's pod network. */
package io.jollyboat.controllers.nodeipam;

/** The user's main job, through the user's doors: the jolly command, kubectl, and plain HTTP to pods and Services. */
package io.jollyboat.cluster;

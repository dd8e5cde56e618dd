/**
 * The controller manager: one process for all controllers. {@link io.jollyboat.controllers.ControllerManager} puts it
 * together; {@link io.jollyboat.controllers.BuiltInControllers} is the list of controllers. Each controller is a package of its own
 * and acts under a ServiceAccount of its own.
 */
package io.jollyboat.controllers;

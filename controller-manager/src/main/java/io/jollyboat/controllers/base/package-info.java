/**
 * What every controller is made of: its context, its loops, and how it takes ownership of objects. A controller gets all
 * it uses from its {@link io.jollyboat.controllers.base.ControllerContext}.
 */
package io.jollyboat.controllers.base;

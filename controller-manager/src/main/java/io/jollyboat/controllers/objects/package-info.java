/**
 * What several controllers need of API objects: owner references, pod states, pod templates and their hash. Pure
 * functions, no state.
 */
package io.jollyboat.controllers.objects;

/** Endpoints that users wrote for a Service without selector, mirrored into EndpointSlices, which is what is read. */
package io.jollyboat.controllers.mirroring;

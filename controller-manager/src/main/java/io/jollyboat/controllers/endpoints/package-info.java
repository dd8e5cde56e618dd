/**
 * Endpoints: the older form of EndpointSlices, one object for each Service, at most 1000 addresses. Still read by many
 * clients.
 */
package io.jollyboat.controllers.endpoints;

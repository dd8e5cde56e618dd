/**
 * The resources of other API servers behind ours, for controllers that treat all kinds alike. What they are the API server
 * says; their objects come through its gRPC door, in the form of custom objects.
 */
package io.jollyboat.controllers.remote;

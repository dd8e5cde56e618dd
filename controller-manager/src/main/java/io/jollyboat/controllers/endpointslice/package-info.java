/**
 * EndpointSlices: which addresses and ports stand behind a Service, at most 100 to a slice. A change of a pod leads to a
 * write at once; nothing waits for a timer.
 */
package io.jollyboat.controllers.endpointslice;

/** What the controllers of EndpointSlices and of Endpoints share: which pods stand behind a Service, and on which port. */
package io.jollyboat.controllers.services;

/** What the API server says about itself: discovery documents and version, derived from the kinds' declarations. */
package io.jollyboat.apiserver.discovery;

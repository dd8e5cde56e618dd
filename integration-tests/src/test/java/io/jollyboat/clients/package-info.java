/** The components' client and informers on a real API server. */
package io.jollyboat.clients;

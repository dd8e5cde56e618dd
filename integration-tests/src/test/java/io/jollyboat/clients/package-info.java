/** The components' client and informers, and client libraries that others wrote, on a real API server. */
package io.jollyboat.clients;

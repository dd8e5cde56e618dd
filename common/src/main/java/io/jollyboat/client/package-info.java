/**
 * How a component talks to the API server. Calls block the (virtual) thread and throw {@link
 * io.jollyboat.errors.ApiException} with the server's Status; when the server cannot be reached its code is 503.
 */
package io.jollyboat.client;

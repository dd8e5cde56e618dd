/**
 * The API server: {@link io.jollyboat.apiserver.ApiServer} puts it together, {@link
 * io.jollyboat.apiserver.ApiServerMain} runs it as a process.
 */
package io.jollyboat.apiserver;

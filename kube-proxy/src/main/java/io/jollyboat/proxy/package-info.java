/**
 * The node's proxy: {@link io.jollyboat.proxy.KubeProxy} is its composition root, {@link
 * io.jollyboat.proxy.KubeProxyMain} the process.
 */
package io.jollyboat.proxy;

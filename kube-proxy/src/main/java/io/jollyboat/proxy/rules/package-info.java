/**
 * What a node's packet rules should be, from Services and EndpointSlices. Pure: no clock, no I/O. Backends turn it into
 * the kernel's form.
 */
package io.jollyboat.proxy.rules;

/** Service IPs and node ports: given out once, released on deletion. */
package io.jollyboat.apiserver.alloc;

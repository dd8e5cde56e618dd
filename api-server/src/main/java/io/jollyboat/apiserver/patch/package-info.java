/**
 * JSON patch, merge patch and strategic merge patch of typed objects, with upstream's leniencies, codes and texts. Pure
 * functions; for the request path.
 */
package io.jollyboat.apiserver.patch;

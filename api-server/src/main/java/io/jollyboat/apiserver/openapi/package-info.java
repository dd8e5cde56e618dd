/**
 * The OpenAPI documents, derived from the descriptors and their options: v3 per group and version, v2 for all, as JSON
 * and as the protobuf form old clients need. Built when first asked for, then kept as bytes; thread-safe.
 */
package io.jollyboat.apiserver.openapi;

/**
 * The three forms of an API object: JSON, YAML and upstream's protobuf envelope, derived from the descriptors and their
 * {@code (jollyboat.api.field)} options.
 */
package io.jollyboat.codec;

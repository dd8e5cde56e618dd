/**
 * Custom resources: what their definitions say, how their objects are stored, completed, checked, scaled and shown. Pure
 * and immutable but for {@link io.jollyboat.apiserver.custom.CustomCodec}; the life of definitions is in
 * {@code io.jollyboat.apiserver.definitions}.
 */
package io.jollyboat.apiserver.custom;

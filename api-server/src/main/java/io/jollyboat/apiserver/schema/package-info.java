/**
 * The schemas of custom resources: what makes one structural, and what it does to an object: unknown fields are pruned,
 * defaults filled in, values validated, with upstream's texts. Works on trees of JSON; knows nothing of storage or
 * requests. Everything here is immutable once made and may be used by any thread; the trees belong to the caller.
 *
 * <p>{@link io.jollyboat.apiserver.schema.CustomSchema} is the entry. The validation of definitions and the serving of
 * custom resources depend on this package, not the other way round.
 */
package io.jollyboat.apiserver.schema;

/**
 * The life of CustomResourceDefinitions: their conditions, the serving of what they define, and their end. Every API server
 * follows all definitions through its cache; each may write their status, and a conflict leaves it to the other.
 */
package io.jollyboat.apiserver.definitions;

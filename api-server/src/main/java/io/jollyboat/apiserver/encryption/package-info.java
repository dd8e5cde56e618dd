/**
 * Objects encrypted in the store, in upstream's forms and by upstream's file. Everything above the store sees plain
 * objects; without the file nothing of this package is used.
 */
package io.jollyboat.apiserver.encryption;

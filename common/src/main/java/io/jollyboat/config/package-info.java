/**
 * A component's configuration: a YAML file with camelCase keys becomes a record. All that is wrong is reported at once,
 * each error naming the file and the key; an unknown key is an error, with the key that was probably meant.
 */
package io.jollyboat.config;

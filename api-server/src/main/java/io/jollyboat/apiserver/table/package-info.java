/** What {@code kubectl get} shows: columns and cells of each kind, as upstream prints them. Pure functions. */
package io.jollyboat.apiserver.table;

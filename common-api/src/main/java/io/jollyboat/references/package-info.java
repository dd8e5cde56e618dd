/** What objects refer to by name. Pure functions, for whoever needs to know who uses what. */
package io.jollyboat.references;

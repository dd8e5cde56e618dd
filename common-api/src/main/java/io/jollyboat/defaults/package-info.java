/**
 * What an object means where it says nothing: constants come from the {@code default} option of the declarations, what
 * depends on other fields from one small class per area. Pure functions on immutable messages.
 */
package io.jollyboat.defaults;

/** The ServiceAccount {@code default} of every namespace. */
package io.jollyboat.controllers.serviceaccount;

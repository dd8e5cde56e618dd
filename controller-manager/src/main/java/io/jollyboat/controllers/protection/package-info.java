/** Lets storage objects go once nobody uses them: takes away the finalizers that admission gave them. */
package io.jollyboat.controllers.protection;

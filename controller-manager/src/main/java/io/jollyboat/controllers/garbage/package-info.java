/**
 * The garbage collector: objects whose owners are all gone are deleted; owners that are deleted in the foreground wait
 * for their dependents, and those that leave their dependents behind are taken out of their references first.
 *
 * <p>{@link io.jollyboat.controllers.garbage.Graph} knows who owns whom from the changes of all objects, and says which
 * objects to look at; nothing scans. Before anything is deleted the API server is asked.
 */
package io.jollyboat.controllers.garbage;

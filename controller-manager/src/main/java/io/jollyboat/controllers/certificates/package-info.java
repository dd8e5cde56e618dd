/**
 * Certificates through the API: approves what kubelets ask for themselves, signs what was approved, and clears away what
 * is done. Keys never leave those who asked.
 */
package io.jollyboat.controllers.certificates;

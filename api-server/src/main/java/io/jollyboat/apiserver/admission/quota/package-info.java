/** Quotas at admission: what a write needs is charged before it is stored. */
package io.jollyboat.apiserver.admission.quota;

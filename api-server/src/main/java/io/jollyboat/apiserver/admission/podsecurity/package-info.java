/** Pod Security Standards: what pods of a namespace may ask for, by the namespace's labels. */
package io.jollyboat.apiserver.admission.podsecurity;

/** Admission: plugins that complete or refuse an object before it is stored. One list says what is built in. */
package io.jollyboat.apiserver.admission;

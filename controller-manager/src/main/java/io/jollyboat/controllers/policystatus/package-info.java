/**
 * The status of ValidatingAdmissionPolicies: what in their expressions does not fit the types of the kinds that they are
 * about. It warns and changes nothing else.
 */
package io.jollyboat.controllers.policystatus;

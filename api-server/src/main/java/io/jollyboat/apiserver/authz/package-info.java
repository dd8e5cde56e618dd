/**
 * May they: system:masters, the node authorizer, RBAC, in this order; the checks against privilege escalation; and the
 * reviews by which clients ask. Rules are indexed by subject, so that a check costs microseconds. Listeners change the
 * indexes, one thread per kind; checks take no lock. Depends on the auth package only.
 */
package io.jollyboat.apiserver.authz;

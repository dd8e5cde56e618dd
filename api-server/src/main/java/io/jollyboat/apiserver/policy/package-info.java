/**
 * Admission policies in CEL: {@link io.jollyboat.apiserver.policy.MutatingPolicies} changes and
 * {@link io.jollyboat.apiserver.policy.ValidatingPolicies} judges writes by the
 * policies and bindings that the caches hold; {@link io.jollyboat.apiserver.policy.PolicyEnvironment} says what
 * their expressions may use, and is what validation compiles them with. Thread-safe; a policy is compiled once.
 */
package io.jollyboat.apiserver.policy;

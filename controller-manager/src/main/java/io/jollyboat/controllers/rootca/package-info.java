/** The ConfigMap {@code kube-root-ca.crt} of every namespace: what pods verify the API server by. */
package io.jollyboat.controllers.rootca;

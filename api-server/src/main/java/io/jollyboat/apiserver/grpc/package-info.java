/** The gRPC door for the cluster's own components: the same request path as REST, bodies in protobuf form. */
package io.jollyboat.apiserver.grpc;

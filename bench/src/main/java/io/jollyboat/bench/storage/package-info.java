/** Measures storage and watch cache alone, on a real etcd: what REST and gRPC can reach at most. */
package io.jollyboat.bench.storage;

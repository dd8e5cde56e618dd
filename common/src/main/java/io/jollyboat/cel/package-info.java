/**
 * The Common Expression Language as the Kubernetes API uses it: {@link io.jollyboat.cel.CelEnvironment} says which names an
 * expression may use, its {@code compile} gives a {@link io.jollyboat.cel.CelProgram} or upstream's error text, and the
 * program is evaluated over JSON trees under a cost limit. Parser and type checker are dev.cel's; the evaluator, the function
 * libraries and both kinds of cost are here, because costs are part of what upstream promises.
 *
 * <p>Environments and programs are immutable and may be shared between threads. Nothing is loaded before the first
 * environment is asked to compile.
 *
 * <p>Values are plain Java objects: Boolean, Long (int), UnsignedLong (uint), Double, String, ByteString, Instant, Duration,
 * {@link io.jollyboat.cel.Null}, java.util.List, java.util.Map, java.util.Optional, CelType, and {@code OpaqueValue}s.
 */
package io.jollyboat.cel;

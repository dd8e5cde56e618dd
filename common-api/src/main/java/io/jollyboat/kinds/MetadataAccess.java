package io.jollyboat.kinds;

import com.google.protobuf.Message;
import io.jollyboat.api.meta.v1.ObjectMeta;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Reads and writes the metadata of one kind's messages by their own methods: each request does so a dozen times. */
record MetadataAccess(MethodHandle getter, MethodHandle setter) {
    private static final MethodType GETTER = MethodType.methodType(ObjectMeta.class, Message.class);
    private static final MethodType SETTER = MethodType.methodType(void.class, Message.Builder.class, ObjectMeta.class);

    static MetadataAccess of(Message prototype) {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> builder = prototype.newBuilderForType().getClass();
        try {
            return new MetadataAccess(
                    lookup.findVirtual(prototype.getClass(), "getMetadata", MethodType.methodType(ObjectMeta.class))
                            .asType(GETTER),
                    lookup.findVirtual(builder, "setMetadata", MethodType.methodType(builder, ObjectMeta.class))
                            .asType(SETTER));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(prototype.getClass().getName() + " has no metadata of an object", e);
        }
    }

    ObjectMeta get(Message object) {
        try {
            return (ObjectMeta) getter.invokeExact(object);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // generated methods declare none
        }
    }

    void set(Message.Builder builder, ObjectMeta meta) {
        try {
            setter.invokeExact(builder, meta);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // generated methods declare none
        }
    }
}

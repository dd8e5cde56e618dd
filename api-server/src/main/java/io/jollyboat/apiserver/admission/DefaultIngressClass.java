package io.jollyboat.apiserver.admission;

import com.google.protobuf.Message;
import io.jollyboat.api.networking.v1.Ingress;
import io.jollyboat.api.networking.v1.IngressClass;
import io.jollyboat.apiserver.admission.AdmissionRequest.Operation;
import io.jollyboat.apiserver.cache.ObjectStorages;
import java.util.Set;

/** Gives Ingresses that name no class the default one. */
public final class DefaultIngressClass implements AdmissionPlugin {
    private static final String OLD_WAY = "kubernetes.io/ingress.class";

    private final DefaultClass<IngressClass> standard;

    public DefaultIngressClass(ObjectStorages storages) {
        this.standard = new DefaultClass<>(
                new CachedObjects<>(storages, IngressClass.class),
                IngressClass.class,
                Set.of("ingressclass.kubernetes.io/is-default-class"));
    }

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        if (request.operation() != Operation.CREATE || !request.isAbout("ingresses.networking.k8s.io")) {
            return object;
        }
        Ingress ingress = (Ingress) object;
        if (ingress.getSpec().hasIngressClassName() || ingress.getMetadata().containsAnnotations(OLD_WAY)) {
            return ingress;
        }
        return standard.name()
                .<Message>map(name -> {
                    Ingress.Builder builder = ingress.toBuilder();
                    builder.getSpecBuilder().setIngressClassName(name);
                    return builder.build();
                })
                .orElse(ingress);
    }
}

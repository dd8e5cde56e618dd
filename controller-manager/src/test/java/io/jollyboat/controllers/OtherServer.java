package io.jollyboat.controllers;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionSpec;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.apiextensions.v1.CustomResourceValidation;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceSpec;
import io.jollyboat.api.apiregistration.v1.ServiceReference;
import io.jollyboat.api.core.v1.Service;
import io.jollyboat.api.core.v1.ServiceSpec;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.apiserver.AggregationConfig;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.authn.FrontProxyConfig;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.client.ApiClient;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.runtime.SystemRuntime;
import java.util.Optional;

/** A whole API server of its own, with flunders in it, that another one passes requests on to. */
final class OtherServer implements AutoCloseable {
    static final ResourceType<CustomObject> FLUNDERS = ResourceType.custom(
            KindRules.newBuilder()
                    .setGroup("wardle.example.com")
                    .setVersion("v1")
                    .setPlural("flunders")
                    .setNamespaced(true)
                    .build(),
            "Flunder");

    private static final ObjectKey NAME = ObjectKey.cluster("v1.wardle.example.com");

    private final ApiClient front;
    private final EmbeddedApiServer server;
    final ApiClient own;

    OtherServer(EmbeddedApiServer front) {
        this.front = front.adminClient();
        this.server = EmbeddedApiServer.start(
                SystemRuntime.instance(),
                new MemoryStore(SystemRuntime.instance()),
                config -> config.aggregating(new AggregationConfig(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(FrontProxyConfig.usual(front.pki().frontProxyAuthority(), "front-proxy-client")))));
        this.own = server.adminClient();
        own.create(Kinds.of(CustomResourceDefinition.class), definition());
        this.front.create(
                Kinds.of(Service.class),
                Service.newBuilder()
                        .setMetadata(
                                ObjectMeta.newBuilder().setNamespace("default").setName("wardle"))
                        .setSpec(
                                ServiceSpec.newBuilder().setType("ExternalName").setExternalName("localhost"))
                        .build());
    }

    void register() {
        front.create(
                Kinds.of(APIService.class),
                APIService.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName(NAME.name()))
                        .setSpec(APIServiceSpec.newBuilder()
                                .setGroup("wardle.example.com")
                                .setVersion("v1")
                                .setGroupPriorityMinimum(1000)
                                .setVersionPriority(15)
                                .setInsecureSkipTLSVerify(true)
                                .setService(ServiceReference.newBuilder()
                                        .setNamespace("default")
                                        .setName("wardle")
                                        .setPort(server.port())))
                        .build());
    }

    void unregister() {
        front.delete(Kinds.of(APIService.class), NAME, DeleteOptions.getDefaultInstance());
    }

    void stop() {
        server.stop();
    }

    void comeBack() {
        server.restart();
    }

    private static CustomResourceDefinition definition() {
        JSONSchemaProps.Builder schema =
                JSONSchemaProps.newBuilder().setType("object").setXKubernetesPreserveUnknownFields(true);
        return CustomResourceDefinition.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("flunders.wardle.example.com"))
                .setSpec(CustomResourceDefinitionSpec.newBuilder()
                        .setGroup("wardle.example.com")
                        .setScope("Namespaced")
                        .setNames(CustomResourceDefinitionNames.newBuilder()
                                .setPlural("flunders")
                                .setKind("Flunder"))
                        .addVersions(CustomResourceDefinitionVersion.newBuilder()
                                .setName("v1")
                                .setServed(true)
                                .setStorage(true)
                                .setSchema(CustomResourceValidation.newBuilder().setOpenAPIV3Schema(schema))))
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}

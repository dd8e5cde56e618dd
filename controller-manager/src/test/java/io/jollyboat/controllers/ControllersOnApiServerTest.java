package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionNames;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionSpec;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinitionVersion;
import io.jollyboat.api.apiextensions.v1.CustomResourceValidation;
import io.jollyboat.api.apiextensions.v1.JSONSchemaProps;
import io.jollyboat.api.apiregistration.v1.APIService;
import io.jollyboat.api.apiregistration.v1.APIServiceSpec;
import io.jollyboat.api.apiregistration.v1.ServiceReference;
import io.jollyboat.api.core.v1.ConfigMap;
import io.jollyboat.api.core.v1.Namespace;
import io.jollyboat.api.core.v1.ResourceQuota;
import io.jollyboat.api.core.v1.ResourceQuotaSpec;
import io.jollyboat.api.custom.CustomObject;
import io.jollyboat.api.meta.v1.DeleteOptions;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.OwnerReference;
import io.jollyboat.api.options.KindRules;
import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.client.ApiClient;
import io.jollyboat.client.Selection;
import io.jollyboat.controllers.objects.Types;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.quota.Amounts;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.values.Quantities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through the gRPC door of an API server, each controller with the permissions of its own ServiceAccount. */
class ControllersOnApiServerTest extends ControllersContract {
    private final EmbeddedApiServer server = EmbeddedApiServer.start();

    @Override
    ApiClient admin() {
        return server.adminClient();
    }

    @Override
    ApiClients clients() {
        return ApiClients.over(
                server.client(server.pki().controllerManager(), "kube-controller-manager"), SystemRuntime.instance());
    }

    @Test
    void aRolloutGoesOnWhenTheServerComesBack() {
        node("n1");
        deployment("web", 4, "v1");
        eventually(() -> assertThat(available("web")).isEqualTo(4));
        setImage("web", "v2");
        server.restart();
        eventually(() -> {
            assertThat(available("web")).isEqualTo(4);
            assertThat(pods())
                    .hasSize(4)
                    .allMatch(p -> p.getSpec().getContainers(0).getImage().equals("v2"));
        });
    }

    @Test
    void policiesAreCheckedAgainstTheTypesOfWhatTheyAreAbout() {
        ResourceType<ValidatingAdmissionPolicy> policies = Kinds.of(ValidatingAdmissionPolicy.class);
        ValidatingAdmissionPolicy.Builder policy = ValidatingAdmissionPolicy.newBuilder();
        policy.getMetadataBuilder().setName("typo");
        policy.getSpecBuilder().addValidationsBuilder().setExpression("object.spec.replicsa > 1");
        policy.getSpecBuilder()
                .getMatchConstraintsBuilder()
                .addResourceRulesBuilder()
                .getRuleWithOperationsBuilder()
                .addOperations("*")
                .getRuleBuilder()
                .addApiGroups("apps")
                .addApiVersions("v1")
                .addResources("deployments");
        ApiClient api = admin();
        api.create(policies, policy.build());
        eventually(() -> {
            ValidatingAdmissionPolicyStatus status =
                    api.get(policies, ObjectKey.cluster("typo")).getStatus();
            assertThat(status.getObservedGeneration()).isEqualTo(1);
            assertThat(status.getTypeChecking().getExpressionWarningsList())
                    .hasSize(1)
                    .allMatch(warning ->
                            warning.getWarning().startsWith("apps/v1, Kind=Deployment: ERROR: <input>:1:12"));
        });
    }

    @Test
    void oneOfTwoManagersLeads() {
        ControllerManagerConfig config = ControllerManagerConfig.embedded("10.200.0.0/16", QUICK);
        try (ControllerManager first = electable(config, "a");
                ControllerManager second = electable(config, "b")) {
            first.start();
            second.start();
            eventually(() -> assertThat(first.isActive() ^ second.isActive()).isTrue());
            ControllerManager leader = first.isActive() ? first : second;
            leader.close();
            assertThat(leader.isActive()).isFalse();
            eventually(() ->
                    assertThat((leader == first ? second : first).isActive()).isTrue());
        }
    }

    @Test
    void aNamespaceIsEmptiedButStaysWhileAnotherServerIsAway() {
        ApiClient api = admin();
        ResourceType<APIService> services = Kinds.of(APIService.class);
        api.create(
                services,
                APIService.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName("v1.away.example.com"))
                        .setSpec(APIServiceSpec.newBuilder()
                                .setGroup("away.example.com")
                                .setVersion("v1")
                                .setGroupPriorityMinimum(100)
                                .setVersionPriority(10)
                                .setInsecureSkipTLSVerify(true)
                                .setService(ServiceReference.newBuilder()
                                        .setNamespace("default")
                                        .setName("none")
                                        .setPort(443)))
                        .build());
        api.create(
                Types.NAMESPACES,
                Namespace.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName("waits"))
                        .build());
        api.create(
                Kinds.of(ConfigMap.class),
                ConfigMap.newBuilder()
                        .setMetadata(
                                ObjectMeta.newBuilder().setNamespace("waits").setName("c"))
                        .build());
        api.delete(Types.NAMESPACES, ObjectKey.cluster("waits"), DeleteOptions.getDefaultInstance());
        eventually(() -> {
            assertThat(api.get(Types.NAMESPACES, ObjectKey.cluster("waits"))
                            .getStatus()
                            .getConditionsList())
                    .anyMatch(condition -> condition.getType().equals("NamespaceDeletionDiscoveryFailure")
                            && condition.getStatus().equals("True")
                            && condition.getReason().equals("DiscoveryFailed")
                            && condition
                                    .getMessage()
                                    .equals("Discovery failed for some groups, 1 failing: unable to retrieve the "
                                            + "complete list of server APIs: away.example.com/v1: stale GroupVersion "
                                            + "discovery: away.example.com/v1"));
            assertThat(api.list(Kinds.of(ConfigMap.class), "waits", Selection.ALL)
                            .items())
                    .noneMatch(map -> map.getMetadata().getName().equals("c"));
        });
        api.delete(services, ObjectKey.cluster("v1.away.example.com"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(
                        api.list(Types.NAMESPACES, "", Selection.ALL).items())
                .noneMatch(namespace -> namespace.getMetadata().getName().equals("waits")));
    }

    @Test
    void customObjectsOwnAndAreOwnedAndGoWithTheirNamespace() {
        ApiClient api = admin();
        api.create(
                Types.NAMESPACES,
                Namespace.newBuilder().setMetadata(named("", "crews")).build());
        api.create(Kinds.of(CustomResourceDefinition.class), crews());
        ResourceType<CustomObject> type = ResourceType.custom(
                KindRules.newBuilder()
                        .setGroup("example.com")
                        .setVersion("v1")
                        .setPlural("crews")
                        .setNamespaced(true)
                        .build(),
                "Crew");
        eventually(
                () -> assertThat(api.list(type, "crews", Selection.ALL).items()).isEmpty());
        CustomObject owner = api.create(type, crew(named("crews", "owner").build()));
        api.create(
                Types.CONFIG_MAPS,
                ConfigMap.newBuilder()
                        .setMetadata(named("crews", "owned")
                                .addOwnerReferences(reference("example.com/v1", "Crew", owner.getMetadata())))
                        .build());
        ConfigMap holder = api.create(
                Types.CONFIG_MAPS,
                ConfigMap.newBuilder().setMetadata(named("crews", "holder")).build());
        api.create(
                type,
                crew(named("crews", "held")
                        .addOwnerReferences(reference("v1", "ConfigMap", holder.getMetadata()))
                        .build()));

        api.delete(type, ObjectKey.of("crews", "owner"), DeleteOptions.getDefaultInstance());
        api.delete(Types.CONFIG_MAPS, ObjectKey.of("crews", "holder"), DeleteOptions.getDefaultInstance());

        eventually(() -> assertThat(
                        api.list(Types.CONFIG_MAPS, "crews", Selection.ALL).items())
                .noneMatch(map -> map.getMetadata().getName().equals("owned")));
        eventually(
                () -> assertThat(api.list(type, "crews", Selection.ALL).items()).isEmpty());

        api.create(type, crew(named("crews", "last").build()));
        api.delete(Types.NAMESPACES, ObjectKey.cluster("crews"), DeleteOptions.getDefaultInstance());
        eventually(() -> assertThat(
                        api.list(Types.NAMESPACES, "", Selection.ALL).items())
                .noneMatch(namespace -> namespace.getMetadata().getName().equals("crews")));
        assertThat(api.list(type, "", Selection.ALL).items()).isEmpty();
    }

    @Test
    void aQuotaCountsCustomResourcesWhenTheirDefinitionComesAndComesAgain() {
        ApiClient api = admin();
        api.create(
                Types.NAMESPACES,
                Namespace.newBuilder().setMetadata(named("", "crews")).build());
        ResourceType<ResourceQuota> quotas = Kinds.of(ResourceQuota.class);
        api.create(
                quotas,
                ResourceQuota.newBuilder()
                        .setMetadata(named("crews", "q"))
                        .setSpec(ResourceQuotaSpec.newBuilder().putHard("count/crews.example.com", Quantities.of(2)))
                        .build());
        for (int round = 0; round < 2; round++) {
            api.create(Kinds.of(CustomResourceDefinition.class), crews());
            ResourceType<CustomObject> type = ResourceType.custom(
                    KindRules.newBuilder()
                            .setGroup("example.com")
                            .setVersion("v1")
                            .setPlural("crews")
                            .setNamespaced(true)
                            .build(),
                    "Crew");
            ObjectKey quota = ObjectKey.of("crews", "q");
            eventually(() -> assertThat(
                            Amounts.text(api.get(quotas, quota).getStatus().getUsedMap()))
                    .isEqualTo("count/crews.example.com=0"));
            eventually(() -> api.list(type, "crews", Selection.ALL));
            api.create(type, crew(named("crews", "a").build()));
            api.create(type, crew(named("crews", "b").build()));
            assertThatThrownBy(() -> api.create(type, crew(named("crews", "c").build())))
                    .hasMessageContaining("exceeded quota: q, requested: count/crews.example.com=1, used:"
                            + " count/crews.example.com=2, limited: count/crews.example.com=2");
            api.delete(type, ObjectKey.of("crews", "a"), DeleteOptions.getDefaultInstance());
            eventually(() -> assertThat(
                            Amounts.text(api.get(quotas, quota).getStatus().getUsedMap()))
                    .isEqualTo("count/crews.example.com=1"));
            api.delete(
                    Kinds.of(CustomResourceDefinition.class),
                    ObjectKey.cluster("crews.example.com"),
                    DeleteOptions.getDefaultInstance());
            eventually(() -> assertThat(api.list(Kinds.of(CustomResourceDefinition.class), "", Selection.ALL)
                            .items())
                    .isEmpty());
            eventually(() -> assertThat(
                            Amounts.text(api.get(quotas, quota).getStatus().getUsedMap()))
                    .isEqualTo("count/crews.example.com=0"));
        }
    }

    private static ObjectMeta.Builder named(String namespace, String name) {
        return ObjectMeta.newBuilder().setNamespace(namespace).setName(name);
    }

    private static CustomObject crew(ObjectMeta meta) {
        return CustomObject.newBuilder().setMetadata(meta).build();
    }

    private static OwnerReference reference(String apiVersion, String kind, ObjectMeta owner) {
        return OwnerReference.newBuilder()
                .setApiVersion(apiVersion)
                .setKind(kind)
                .setName(owner.getName())
                .setUid(owner.getUid())
                .build();
    }

    private static CustomResourceDefinition crews() {
        return CustomResourceDefinition.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("crews.example.com"))
                .setSpec(CustomResourceDefinitionSpec.newBuilder()
                        .setGroup("example.com")
                        .setScope("Namespaced")
                        .setNames(CustomResourceDefinitionNames.newBuilder()
                                .setPlural("crews")
                                .setKind("Crew"))
                        .addVersions(CustomResourceDefinitionVersion.newBuilder()
                                .setName("v1")
                                .setServed(true)
                                .setStorage(true)
                                .setSchema(CustomResourceValidation.newBuilder()
                                        .setOpenAPIV3Schema(
                                                JSONSchemaProps.newBuilder().setType("object")))))
                .build();
    }

    private ControllerManager electable(ControllerManagerConfig config, String identity) {
        return new ControllerManager(
                config.withLeaderElection(identity), "CA", clients(), SystemRuntime.instance(), new Metrics());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }
}

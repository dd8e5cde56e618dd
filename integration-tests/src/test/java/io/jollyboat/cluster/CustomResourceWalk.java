package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.cluster.ClientProgram.Answer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A resource of one's own, from its definition to its end, with kubectl of some version; the words are upstream's. */
final class CustomResourceWalk implements AutoCloseable {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: crontabs.VERSION.example.com}
            spec:
              group: VERSION.example.com
              scope: Namespaced
              names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                additionalPrinterColumns:
                - {name: Spec, type: string, jsonPath: .spec.cronSpec}
                - {name: Replicas, type: integer, jsonPath: .spec.replicas}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [cronSpec]
                        x-kubernetes-validations:
                        - {rule: "self.replicas <= 10", message: at most ten}
                        properties:
                          cronSpec: {type: string, description: When to do it.}
                          image: {type: string, default: busybox}
                          replicas: {type: integer, minimum: 1, default: 1}
                      status:
                        type: object
                        properties:
                          replicas: {type: integer}
            """;
    private static final String OBJECT = """
            apiVersion: VERSION.example.com/v1
            kind: CronTab
            metadata: {name: mine}
            spec: {cronSpec: "* * * * */5", replicas: 3}
            """;

    private final ClientProgram kubectl;
    private final String group;
    private final Path definition;
    private final Path object;

    CustomResourceWalk(LocalCluster cluster, String version, Path program) throws Exception {
        String name = "v" + version.replace(".", "-");
        this.kubectl = new ClientProgram(cluster, program, "custom-" + version.replace(".", "-"));
        this.group = name + ".example.com";
        this.definition =
                Files.writeString(kubectl.folder().resolve("definition.yaml"), DEFINITION.replace("VERSION", name));
        this.object = Files.writeString(kubectl.folder().resolve("object.yaml"), OBJECT.replace("VERSION", name));
    }

    void run() throws Exception {
        kubectl.run("create", "namespace", kubectl.namespace());
        String crd = "customresourcedefinition.apiextensions.k8s.io/crontabs." + group;
        assertThat(kubectl.run("apply", "-f", definition.toString())).isEqualTo(crd + " created");
        assertThat(kubectl.run("wait", "--for=condition=Established", "--timeout=60s", crd))
                .isEqualTo(crd + " condition met");
        String mine = "crontab." + group + "/mine";
        assertThat(kubectl.run("apply", "-f", object.toString())).isEqualTo(mine + " created");
        assertThat(kubectl.run("apply", "-f", object.toString())).isEqualTo(mine + " unchanged");
        assertThat(kubectl.run("get", "crontabs." + group))
                .matches("NAME +SPEC +REPLICAS\nmine +\\* \\* \\* \\* \\*/5 +3");
        assertThat(kubectl.run("explain", "crontabs.spec.cronSpec", "--api-version=" + group + "/v1"))
                .contains("When to do it.");
        refused("{\"spec\":{\"replicas\":11}}", "spec: Invalid value: ", "at most ten");
        refused("{\"spec\":{\"replicas\":0}}", "spec.replicas in body should be greater than or equal to 1");
        refused("{\"spec\":{\"cronSpec\":null}}", "spec.cronSpec: Required value");
        assertThat(kubectl.run("scale", "crontabs." + group + "/mine", "--replicas=5"))
                .isEqualTo(mine + " scaled");
        assertThat(kubectl.run(
                        "get",
                        "crontabs." + group,
                        "mine",
                        "-o",
                        "jsonpath={.spec.image} {.spec.replicas} {.metadata.generation}"))
                .isEqualTo("busybox 5 2");
        // The objects go with their definition.
        assertThat(kubectl.run("delete", "-f", definition.toString()))
                .endsWith("customresourcedefinition.apiextensions.k8s.io \"crontabs." + group + "\" deleted");
        Answer gone = kubectl.answer("", "get", "crontabs." + group);
        assertThat(gone.code()).as(gone.text()).isEqualTo(1);
        // The latter where it still has the discovery of before.
        assertThat(gone.text()).containsPattern("doesn't have a resource type|could not find the requested resource");
        kubectl.run("delete", "namespace", kubectl.namespace());
    }

    private void refused(String patch, String... words) throws Exception {
        Answer answer = kubectl.answer("", "patch", "crontabs." + group, "mine", "--type=merge", "-p", patch);
        assertThat(answer.code()).as(answer.text()).isEqualTo(1);
        assertThat(answer.text()).startsWith("The CronTab \"mine\" is invalid").contains(words);
    }

    @Override
    public void close() throws Exception {
        kubectl.close();
    }
}

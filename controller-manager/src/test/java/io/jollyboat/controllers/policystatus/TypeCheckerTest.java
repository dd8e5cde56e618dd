package io.jollyboat.controllers.policystatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.admissionregistration.v1.ExpressionWarning;
import io.jollyboat.api.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of expressions that do not fit the kinds that a policy is about. */
class TypeCheckerTest {
    private static final String DEPLOYMENTS =
            "{'apiGroups':['apps'],'apiVersions':['v1'],'operations':['*'],'resources':['deployments']}";
    private static final String WIDGETS =
            "{'apiGroups':['test.example.com'],'apiVersions':['v1'],'operations':['*'],'resources':['widgets']}";
    private static final CustomResourceDefinition WIDGET = read(CustomResourceDefinition.getDefaultInstance(), """
            {'spec':{'group':'test.example.com','versions':[{'name':'v1','served':true,'schema':{'openAPIV3Schema':
              {'type':'object','properties':{'spec':{'type':'object','properties':{'size':{'type':'integer'}}}}}}}]},
             'status':{'acceptedNames':{'plural':'widgets','kind':'Widget'}}}""");

    private static <T extends com.google.protobuf.Message> T read(T prototype, String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return JsonCodec.decode(bytes, prototype, Strictness.STRICT).message();
    }

    private static List<ExpressionWarning> check(String rules, String rest, String expression) {
        ValidatingAdmissionPolicySpec spec = read(
                        ValidatingAdmissionPolicySpec.getDefaultInstance(),
                        "{'matchConstraints':{'resourceRules':[" + rules + "]}" + rest + "}")
                .toBuilder()
                .addValidations(io.jollyboat.api.admissionregistration.v1.Validation.newBuilder()
                        .setExpression(expression))
                .build();
        return new TypeChecker(new PolicyKinds(List.of(WIDGET))).check(spec);
    }

    private static String only(List<ExpressionWarning> warnings) {
        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst().getFieldRef()).isEqualTo("spec.validations[0].expression");
        return warnings.getFirst().getWarning();
    }

    @Test
    void aFieldThatIsNotThereIsNamedWithItsKind() {
        assertThat(only(check(DEPLOYMENTS, "", "object.spec.replicsa > 1")))
                .isEqualTo(
                        "apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replicsa'\n | object.spec.replicsa > 1\n | ...........^\n");
    }

    @Test
    void eachKindIsNamedInOrder() {
        assertThat(only(check(WIDGETS + "," + DEPLOYMENTS, "", "object.spec.nope == 1")))
                .matches(
                        "(?s)apps/v1, Kind=Deployment: ERROR.*\\^\\n\\ntest.example.com/v1, Kind=Widget: ERROR.*undefined field 'nope'.*");
    }

    @Test
    void typesThatDoNotFitAreNamed() {
        assertThat(only(check(DEPLOYMENTS, "", "object.spec.replicas == 'x'")))
                .contains("found no matching overload for '_==_' applied to '(int, string)'");
    }

    @Test
    void messagesVariablesAndParametersAreChecked() {
        String more = ",'paramKind':{'apiVersion':'v1','kind':'ConfigMap'},"
                + "'variables':[{'name':'spec','expression':'object.spec'},{'name':'broken','expression':'object.nope'}]";
        assertThat(only(check(DEPLOYMENTS, more, "variables.spec.nope == 1"))).contains("undefined field 'nope'");
        assertThat(only(check(DEPLOYMENTS, more, "params.nope == 1"))).contains("undefined field 'nope'");
        assertThat(check(DEPLOYMENTS, more, "params.data.a == variables.spec.template.spec.nodeName"))
                .isEmpty();
        // A variable that does not compile can be anything.
        assertThat(check(DEPLOYMENTS, more, "variables.broken.whatever == 1")).isEmpty();
        ValidatingAdmissionPolicySpec spec = read(
                ValidatingAdmissionPolicySpec.getDefaultInstance(),
                "{'matchConstraints':{'resourceRules':[" + DEPLOYMENTS
                        + "]},'validations':[{'expression':'true','messageExpression':'object.x'}]}");
        List<ExpressionWarning> warnings = new TypeChecker(new PolicyKinds(List.of())).check(spec);
        assertThat(warnings.getFirst().getFieldRef()).isEqualTo("spec.validations[0].messageExpression");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.template.spec.containers.all(c, c.image.startsWith('a') && c.ports.all(p, p.containerPort > 0))",
                "object.metadata.labels['a'] == 'b' && object.metadata.creationTimestamp < timestamp('2030-01-01T00:00:00Z')",
                "object.spec.strategy.rollingUpdate.maxSurge == '1' || object.spec.strategy.rollingUpdate.maxSurge == 1",
                "object.apiVersion == 'apps/v1' && object.kind == oldObject.kind",
                "request.userInfo.username == 'x' && namespaceObject.metadata.name == request.namespace",
                "authorizer.group('').resource('pods').check('get').allowed()",
                "has(object.spec.template.spec.volumes) && object.spec.template.spec.volumes[0].?configMap.hasValue()"
            })
    void whatFitsIsNotMentioned(String expression) {
        assertThat(check(DEPLOYMENTS, "", expression)).isEmpty();
    }

    @Test
    void customResourcesHaveTheTypesOfTheirSchema() {
        assertThat(check(WIDGETS, "", "object.spec.size > 1 && object.metadata.generation > 1"))
                .isEmpty();
        assertThat(only(check(WIDGETS, "", "object.spec.size == 'x'")))
                .startsWith("test.example.com/v1, Kind=Widget: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'apiGroups':['*'],'apiVersions':['v1'],'operations':['*'],'resources':['deployments']}",
                "{'apiGroups':['apps'],'apiVersions':['*'],'operations':['*'],'resources':['deployments']}",
                "{'apiGroups':['apps'],'apiVersions':['v1'],'operations':['*'],'resources':['*','deployments/scale']}",
                "{'apiGroups':['nope'],'apiVersions':['v1'],'operations':['*'],'resources':['nopes']}"
            })
    void whatMayBeAnythingIsNotChecked(String rule) {
        assertThat(check(rule, "", "object.nope == 1")).isEmpty();
    }
}

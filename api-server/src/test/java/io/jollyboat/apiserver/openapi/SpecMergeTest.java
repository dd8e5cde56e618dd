package io.jollyboat.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SpecMergeTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static ObjectNode tree(String json) {
        return (ObjectNode) MAPPER.readTree(json.replace('\'', '"'));
    }

    private final ObjectNode base = tree(
            "{'paths':{'/apis/g/v1/here':{'get':{}}},'definitions':{'A':{'type':'object'},'B':{'type':'string'}}}");

    @Test
    void pathsComeWithTheDefinitionsTheyNeed() {
        ObjectNode other = tree("{'paths':{'/apis/ext/v1/things':{'get':{'schema':{'$ref':'#/definitions/T'}}},"
                + "'/apis/ext/v10/no':{},'/apis/g/v1/here':{'put':{}}},'definitions':{'T':{'properties':{'a':"
                + "{'$ref':'#/definitions/A'},'t':{'$ref':'#/definitions/T'}}},'A':{'type':'object',"
                + "'x-kubernetes-group-version-kind':[{}]},'U':{}}}");
        SpecMerge.add(base, other, "/apis/ext/v1");
        assertThat(base)
                .isEqualTo(tree("{'paths':{'/apis/g/v1/here':{'get':{}},'/apis/ext/v1/things':{'get':{'schema':{'$ref':"
                        + "'#/definitions/T'}}}},'definitions':{'A':{'type':'object'},'B':{'type':'string'},'T':"
                        + "{'properties':{'a':{'$ref':'#/definitions/A'},'t':{'$ref':'#/definitions/T'}}}}}"));
    }

    @Test
    void anotherDefinitionOfTheNameGetsAnother() {
        ObjectNode other = tree("{'paths':{'/apis/ext/v1':{'get':{'schema':{'$ref':'#/definitions/B'}}}},"
                + "'definitions':{'B':{'type':'integer','items':{'$ref':'#/definitions/B'}}}}");
        SpecMerge.add(base, other, "/apis/ext/v1");
        SpecMerge.add(base, other.deepCopy(), "/apis/ext/v1");
        assertThat(base.get("definitions"))
                .isEqualTo(tree("{'A':{'type':'object'},'B':{'type':'string'},'B_v2':{'type':'integer','items':"
                        + "{'$ref':'#/definitions/B_v2'}}}"));
        assertThat(base.at("/paths/~1apis~1ext~1v1/get/schema/$ref").asString()).isEqualTo("#/definitions/B_v2");
    }
}

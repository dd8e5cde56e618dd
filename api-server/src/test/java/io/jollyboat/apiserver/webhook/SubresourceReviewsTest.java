package io.jollyboat.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jollyboat.apiserver.EmbeddedApiServer;
import io.jollyboat.apiserver.RestClient;
import io.jollyboat.apiserver.RestClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Webhooks and policies are shown what a subresource takes, and custom resources in the version of their rules. */
class SubresourceReviewsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String REGISTRATION = "/apis/admissionregistration.k8s.io/v1/";
    private static final String DEFAULT = "/api/v1/namespaces/default/";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

    private static EmbeddedApiServer server;
    private static RestClient client;
    private static LoopbackServer hooks;
    private static volatile String patch = "[]";

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedApiServer.start();
        client = RestClient.admin(server);
        hooks = LoopbackServer.https(List.of("127.0.0.1"), (request, out) -> {
            String uid =
                    RestClient.JSON.readTree(request.body()).at("/request/uid").asString();
            String answer =
                    "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"uid\":\""
                            + uid + "\",\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\""
                            + Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)) + "\"}}";
            return LoopbackServer.reply(out, 200, "application/json", answer);
        });
        created(client.post(DEFAULT + "serviceaccounts", json("{'metadata':{'name':'default'}}")));
        created(client.post(
                REGISTRATION + "mutatingwebhookconfigurations", json("""
                {'metadata':{'name':'all'},'webhooks':[{'name':'all.example.com','sideEffects':'None',
                 'admissionReviewVersions':['v1'],'clientConfig':{'url':'https://127.0.0.1:%d/','caBundle':'%s'},
                 'rules':[{'operations':['*'],'apiGroups':['','apps'],'apiVersions':['v1'],
                   'resources':['deployments/scale','pods/binding','pods/eviction','serviceaccounts/token','crews/scale']},
                  {'operations':['CREATE'],'apiGroups':['authentication.k8s.io','authorization.k8s.io'],
                   'apiVersions':['v1'],'resources':['*']},
                  {'operations':['CREATE'],'apiGroups':['test.example.com'],'apiVersions':['v2'],'resources':['crews']}]}]}""".formatted(hooks.port(), hooks.caBundle()))));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
        hooks.close();
    }

    @BeforeEach
    void forget() {
        patch = "[]";
        hooks.forget();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Answer created(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static Answer patched(String path, String body) {
        return client.send(
                "PATCH",
                path,
                Map.of("Content-Type", "application/merge-patch+json"),
                json(body).getBytes(StandardCharsets.UTF_8));
    }

    /** The one review that came. */
    private static JsonNode review() {
        assertThat(hooks.requests()).hasSize(1);
        return RestClient.JSON
                .readTree(hooks.requests().iterator().next().body())
                .path("request");
    }

    private static void isOf(JsonNode review, String operation, String kind, String resource, String subresource) {
        assertThat(review.path("operation").asString()).isEqualTo(operation);
        assertThat(review.path("kind").toString()).isEqualTo(json(kind));
        assertThat(review.path("requestKind").toString()).isEqualTo(json(kind));
        assertThat(review.path("resource").path("resource").asString()).isEqualTo(resource);
        assertThat(review.path("subResource").asString()).isEqualTo(subresource);
    }

    private static void deployment(String name) {
        created(client.post(DEPLOYMENTS, json("""
                {'metadata':{'name':'%1$s'},'spec':{'replicas':1,'selector':{'matchLabels':{'a':'%1$s'}},'template':
                 {'metadata':{'labels':{'a':'%1$s'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}""".formatted(name))));
    }

    private static void pod(String name) {
        created(client.post(
                DEFAULT + "pods",
                json("{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i'}]}}")));
    }

    @Test
    void aScaleIsShownAsScaleAndMayBeChanged() {
        deployment("scaled");
        patch = "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":5}]";
        Answer answer = patched(DEPLOYMENTS + "/scaled/scale", "{'spec':{'replicas':3}}");
        assertThat(answer.json().at("/spec/replicas").asInt()).as(answer.text()).isEqualTo(5);
        JsonNode review = review();
        isOf(review, "UPDATE", "{'group':'autoscaling','version':'v1','kind':'Scale'}", "deployments", "scale");
        assertThat(review.at("/object/kind").asString()).isEqualTo("Scale");
        assertThat(review.at("/object/spec/replicas").asInt()).isEqualTo(3);
        assertThat(review.at("/oldObject/spec/replicas").asInt()).isEqualTo(1);
        assertThat(client.get(DEPLOYMENTS + "/scaled")
                        .json()
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(5);
    }

    /** A review is asked about as any other object, and may be changed before it is answered; policies do not see it. */
    @Test
    void aReviewOfAccessIsShownAndMayBeChanged() {
        created(client.post(REGISTRATION + "validatingadmissionpolicies", json("""
                {'metadata':{'name':'none'},'spec':{'matchConstraints':{'resourceRules':[{'operations':['CREATE'],
                  'apiGroups':['authorization.k8s.io'],'apiVersions':['*'],'resources':['*']}]},
                 'validations':[{'expression':'false'}]}}""")));
        created(client.post(
                REGISTRATION + "validatingadmissionpolicybindings",
                json("{'metadata':{'name':'none'},'spec':{'policyName':'none','validationActions':['Deny']}}")));
        String reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
        String review = json("{'spec':{'user':'jane','resourceAttributes':{'verb':'get','resource':'pods'}}}");
        assertThat(created(client.post(reviews, review))
                        .json()
                        .at("/status/allowed")
                        .asBoolean())
                .isFalse();
        JsonNode shown = review();
        isOf(
                shown,
                "CREATE",
                "{'group':'authorization.k8s.io','version':'v1','kind':'SubjectAccessReview'}",
                "subjectaccessreviews",
                "");
        assertThat(shown.at("/object/spec/user").asString()).isEqualTo("jane");
        patch = "[{\"op\":\"add\",\"path\":\"/spec/groups\",\"value\":[\"system:masters\"]}]";
        assertThat(created(client.post(reviews, review))
                        .json()
                        .at("/status/allowed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void tokensAreShownToo() {
        created(client.post("/apis/authentication.k8s.io/v1/tokenreviews", json("{'spec':{'token':'x'}}")));
        assertThat(review().at("/object/spec/token").asString()).isEqualTo("x");
        hooks.forget();
        created(client.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}"));
        assertThat(review().path("resource").path("resource").asString()).isEqualTo("selfsubjectreviews");
        hooks.forget();
        Answer local = client.post(
                "/apis/authorization.k8s.io/v1/namespaces/nosuch/localsubjectaccessreviews",
                json("{'metadata':{'namespace':'nosuch'},'spec':{'user':'jane','resourceAttributes':{'verb':'get',"
                        + "'resource':'pods','namespace':'nosuch'}}}"));
        assertThat(created(local).json().at("/status/allowed").asBoolean()).isFalse();
        assertThat(review().path("namespace").asString()).isEqualTo("nosuch");
    }

    @Test
    void aPolicyChangesAScale() {
        deployment("limited");
        created(client.post(REGISTRATION + "mutatingadmissionpolicies", json("""
                {'metadata':{'name':'most'},'spec':{'reinvocationPolicy':'Never','matchConstraints':{'resourceRules':[
                  {'apiGroups':['apps'],'apiVersions':['v1'],'operations':['UPDATE'],'resources':['deployments/scale']}]},
                 'matchConditions':[{'name':'c','expression':'object.spec.replicas > 8'}],
                 'mutations':[{'patchType':'ApplyConfiguration','applyConfiguration':{'expression':
                   'Object{spec: Object.spec{replicas: oldObject.spec.replicas + 1}}'}}]}}""")));
        created(client.post(
                REGISTRATION + "mutatingadmissionpolicybindings",
                json("{'metadata':{'name':'most'},'spec':{'policyName':'most'}}")));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(patched(DEPLOYMENTS + "/limited/scale?dryRun=All", "{'spec':{'replicas':9}}")
                                        .json()
                                        .at("/spec/replicas")
                                        .asInt())
                                .isEqualTo(2));
    }

    @Test
    void aBindingIsShownAsBinding() {
        pod("bound");
        created(client.post(
                "/api/v1/nodes", json("{'metadata':{'name':'n','labels':{'topology.kubernetes.io/zone':'z'}}}")));
        patch = "[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{\"by\":\"hook\"}}]";
        created(client.post(
                DEFAULT + "pods/bound/binding",
                json("{'metadata':{'name':'bound'},'target':{'kind':'Node','name':'n'}}")));
        JsonNode review = review();
        isOf(review, "CREATE", "{'group':'','version':'v1','kind':'Binding'}", "pods", "binding");
        assertThat(review.at("/object/target/name").asString()).isEqualTo("n");
        assertThat(review.path("oldObject").isNull()).isTrue();
        JsonNode pod = client.get(DEFAULT + "pods/bound").json();
        assertThat(pod.at("/spec/nodeName").asString()).isEqualTo("n");
        assertThat(pod.at("/metadata/annotations/by").asString()).isEqualTo("hook");
        assertThat(pod.path("metadata").path("labels").toString())
                .isEqualTo(json("{'topology.kubernetes.io/zone':'z'}"));
    }

    @Test
    void anEvictionIsShownAsEviction() {
        pod("evicted");
        created(client.post(
                DEFAULT + "pods/evicted/eviction",
                json("{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'evicted'}}")));
        JsonNode review = review();
        isOf(review, "CREATE", "{'group':'policy','version':'v1','kind':'Eviction'}", "pods", "eviction");
        assertThat(client.get(DEFAULT + "pods/evicted").code()).isEqualTo(404);
    }

    @Test
    void aTokenRequestIsShownAsTokenRequest() {
        created(
                client.post(
                        DEFAULT + "serviceaccounts/default/token",
                        json(
                                "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{'expirationSeconds':3600}}")));
        isOf(
                review(),
                "CREATE",
                "{'group':'authentication.k8s.io','version':'v1','kind':'TokenRequest'}",
                "serviceaccounts",
                "token");
    }

    @Test
    void customResourcesAreShownInTheVersionOfTheRule() {
        String version =
                "{'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':{'type':'object','properties':"
                        + "{'spec':{'type':'object','properties':{'size':{'type':'integer'}}}}}}}";
        created(client.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", json("""
                {'metadata':{'name':'crews.test.example.com'},'spec':{'group':'test.example.com','scope':'Namespaced',
                 'names':{'plural':'crews','kind':'Crew'},'versions':[%s,%s]}}""".formatted(
                        version.formatted("v1", "true"), version.formatted("v2", "false")))));
        String crews = "/apis/test.example.com/v1/namespaces/default/crews";
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(client.get(crews).code()).isEqualTo(200));
        patch =
                "[{\"op\":\"add\",\"path\":\"/spec/size\",\"value\":7},{\"op\":\"add\",\"path\":\"/spec/nope\",\"value\":7}]";
        Answer answer = created(client.post(
                crews,
                json("{'apiVersion':'test.example.com/v1','kind':'Crew','metadata':{'name':'c'},'spec':{'size':1}}")));
        JsonNode review = review();
        assertThat(review.at("/kind/version").asString()).isEqualTo("v2");
        assertThat(review.at("/requestKind/version").asString()).isEqualTo("v1");
        assertThat(review.at("/object/apiVersion").asString()).isEqualTo("test.example.com/v2");
        assertThat(answer.json().path("apiVersion").asString()).isEqualTo("test.example.com/v1");
        assertThat(answer.json().path("spec").toString()).isEqualTo("{\"size\":7}");
    }
}

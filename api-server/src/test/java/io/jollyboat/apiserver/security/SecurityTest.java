package io.jollyboat.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.jollyboat.api.authentication.v1.SelfSubjectReview;
import io.jollyboat.api.authentication.v1.TokenRequest;
import io.jollyboat.api.authorization.v1.ResourceAttributes;
import io.jollyboat.api.authorization.v1.SelfSubjectAccessReview;
import io.jollyboat.api.authorization.v1.SelfSubjectAccessReviewSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.rbac.v1.ClusterRole;
import io.jollyboat.api.rbac.v1.ClusterRoleBinding;
import io.jollyboat.api.rbac.v1.PolicyRule;
import io.jollyboat.api.rbac.v1.RoleRef;
import io.jollyboat.api.rbac.v1.Subject;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.Credentials;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.apiserver.authn.IdentityReviews;
import io.jollyboat.apiserver.bootstrap.BootstrapObjects;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.cache.Preconditions;
import io.jollyboat.apiserver.storage.MemoryStore;
import io.jollyboat.apiserver.storage.StorageKeys;
import io.jollyboat.kinds.Kinds;
import io.jollyboat.kinds.ObjectKey;
import io.jollyboat.kinds.ResourceType;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.SystemRuntime;
import io.jollyboat.tls.Pki;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a real store and its caches: what is written decides the next request. */
class SecurityTest {
    private static final UserInfo JANE = new UserInfo("jane", List.of("system:authenticated"));

    @TempDir
    Path folder;

    private final SystemRuntime runtime = SystemRuntime.instance();
    private final MemoryStore store = new MemoryStore(runtime);
    private final ObjectStorages storages = new ObjectStorages(store, runtime);
    private Security security;

    @BeforeEach
    void start() {
        Pki pki = new Pki(folder, runtime::now);
        pki.init(List.of(), List.of());
        SecurityConfig config = new SecurityConfig(
                pki.clusterAuthority(),
                pki.serviceAccountPrivateKey(),
                List.of(pki.serviceAccountPublicKey()),
                SecurityConfig.DEFAULT_ISSUER,
                "https://127.0.0.1:6443",
                0,
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty());
        create(role("before", "get"));
        create(binding("before"));
        security = new Security(config, storages, BootstrapObjects.nodeRules(), new Metrics(), runtime);
        storages.start();
        security.start();
        await().atMost(Duration.ofSeconds(60)).until(security::ready);
    }

    @AfterEach
    void stop() {
        security.close();
        storages.close();
        store.close();
    }

    @Test
    void knowsWhatWasThereBeforeIt() {
        awaitVerdict("get", Verdict.ALLOW);
        assertThat(authorize("list")).isEqualTo(Verdict.NO_OPINION);
    }

    @Test
    void followsWrites() {
        create(role("r", "list"));
        create(binding("r"));
        awaitVerdict("list", Verdict.ALLOW);
        storages.of(Kinds.of(ClusterRole.class)).update("r", Preconditions.NONE, false, 0, any -> role("r", "watch"));
        awaitVerdict("watch", Verdict.ALLOW);
        assertThat(authorize("list")).isEqualTo(Verdict.NO_OPINION);
        storages.of(Kinds.of(ClusterRoleBinding.class)).delete("r", Preconditions.NONE, any -> {});
        awaitVerdict("watch", Verdict.NO_OPINION);
    }

    @Test
    void issuedTokensHoldAtOnceAndDieWithTheAccount() {
        create(ServiceAccount.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("robot")
                        .setUid("u1"))
                .build());
        String token = security.tokenIssuer()
                .issue("ns", "robot", TokenRequest.getDefaultInstance(), warning -> {})
                .getStatus()
                .getToken();
        Credentials credentials = new Credentials(List.of(), token);
        UserInfo robot =
                security.authenticator().authenticate(credentials, "/api").user();
        assertThat(robot.name()).isEqualTo("system:serviceaccount:ns:robot");
        storages.of(Kinds.of(ServiceAccount.class)).delete("ns/robot", Preconditions.NONE, any -> {});
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> security.authenticator().authenticate(credentials, "/api"))
                        .hasMessage("Unauthorized"));
    }

    @Test
    void answersReviews() {
        awaitVerdict("get", Verdict.ALLOW);
        SelfSubjectAccessReview review = SelfSubjectAccessReview.newBuilder()
                .setSpec(SelfSubjectAccessReviewSpec.newBuilder()
                        .setResourceAttributes(ResourceAttributes.newBuilder()
                                .setVerb("get")
                                .setResource("pods")
                                .setNamespace("ns")))
                .build();
        SelfSubjectAccessReview answer = (SelfSubjectAccessReview)
                security.review(JANE, "", review, IdentityReviews.Notes.NONE).orElseThrow();
        assertThat(answer.getStatus().getAllowed()).isTrue();
        assertThat(answer.getStatus().getReason())
                .isEqualTo("RBAC: allowed by ClusterRoleBinding \"before\" of ClusterRole \"before\" to User \"jane\"");
        SelfSubjectReview me = (SelfSubjectReview)
                security.review(JANE, "", SelfSubjectReview.getDefaultInstance(), IdentityReviews.Notes.NONE)
                        .orElseThrow();
        assertThat(me.getStatus().getUserInfo().getUsername()).isEqualTo("jane");
        assertThat(security.review(JANE, "", role("x", "get"), IdentityReviews.Notes.NONE))
                .isEmpty();
    }

    private void awaitVerdict(String verb, Verdict verdict) {
        await().atMost(Duration.ofSeconds(60)).until(() -> authorize(verb) == verdict);
    }

    private Verdict authorize(String verb) {
        return security.authorizer()
                .authorize(new RequestAttributes(JANE, verb, true, "", "v1", "pods", "", "ns", "", "", "", ""))
                .verdict();
    }

    private void create(Message object) {
        ResourceType<?> type = Kinds.of(object.getClass());
        ObjectKey key = type.key(object);
        storages.of(type).create(StorageKeys.suffix(key.namespace(), key.name()), object, 0);
    }

    private static ClusterRole role(String name, String verb) {
        return ClusterRole.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .addRules(
                        PolicyRule.newBuilder().addVerbs(verb).addApiGroups("").addResources("pods"))
                .build();
    }

    private static ClusterRoleBinding binding(String name) {
        return ClusterRoleBinding.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName(name))
                .setRoleRef(RoleRef.newBuilder().setKind("ClusterRole").setName(name))
                .addSubjects(Subject.newBuilder().setKind("User").setName("jane"))
                .build();
    }
}

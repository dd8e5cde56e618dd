package io.jollyboat.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.authentication.v1.TokenReview;
import io.jollyboat.api.authentication.v1.TokenReviewSpec;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.apiserver.auth.ClockRuntime;
import io.jollyboat.apiserver.auth.FakeObjects;
import io.jollyboat.apiserver.tokens.TokenKeys;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.tls.CertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of every sort of wrong, and what an upstream 1.36 API server answered to reviews of them. */
class TokenTableTest {
    private static final String ISSUER = "https://here";
    private static final long NOW = 1_800_000_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final KeyPair OWN = CertificateAuthority.newKeyPair();
    private static final KeyPair OTHER = CertificateAuthority.newKeyPair();
    private static final String CRYPTO = "go-jose/go-jose: error in cryptographic primitive";

    private final FakeObjects objects = new FakeObjects();
    private final ClockRuntime runtime = new ClockRuntime(Instant.ofEpochSecond(NOW));
    private final TokenKeys keys = new TokenKeys(OWN.getPrivate(), List.of(OWN.getPublic()));
    private final TokenUses uses = new TokenUses(new Metrics());
    private final IdentityReviews reviews = new IdentityReviews(
            new TokenAuthenticators(List.of(
                    new ServiceAccountTokenAuthenticator(
                            Set.of(ISSUER), List.of(ISSUER), keys, objects, objects, uses, runtime),
                    new LegacyTokenAuthenticator(
                            List.of(ISSUER), keys, objects, objects, (s, l, v) -> {}, uses, runtime),
                    new BootstrapTokenAuthenticator(List.of(ISSUER), objects, runtime))),
            List.of(ISSUER),
            runtime);

    TokenTableTest() {
        objects.put(ServiceAccount.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setNamespace("ns")
                        .setName("robot")
                        .setUid("u1"))
                .build());
    }

    /** @param changes of the claims, as a merge patch; @NUMBER is a time from now on */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            as issued             | {}                                                         | ''
            leeway of expiry      | {'exp':'@-30'}                                             | ''
            expired               | {'exp':'@-61'}                                             | service account token has expired
            never expires         | {'exp':null}                                               | ''
            expires long ago      | {'exp':-5}                                                 | service account token has expired
            too large             | {'exp':1e30}                                               | service account token has expired
            parts of seconds      | {'exp':1800000000.5}                                       | ''
            expiry as text        | {'exp':'x'}                                                | go-jose/go-jose/jwt: expected number value to unmarshal NumericDate
            not yet               | {'nbf':'@120'}                                             | service account token is not valid yet
            leeway of begin       | {'nbf':'@30'}                                              | ''
            issued later          | {'iat':'@300'}                                             | service account token is issued in the future
            no times but the end  | {'nbf':null,'iat':null}                                    | ''
            for others            | {'aud':['vault']}                                          | token audiences ["vault"] is invalid for the target audiences ["https://here"]
            for others too        | {'aud':['vault','https://here']}                           | ''
            one audience          | {'aud':'https://here'}                                     | ''
            no audience           | {'aud':null}                                               | ''
            empty audience        | {'aud':[]}                                                 | ''
            audience as number    | {'aud':5}                                                  | go-jose/go-jose/jwt: expected string or array value to unmarshal to Audience
            another issuer        | {'iss':'https://elsewhere'}                                | -
            no issuer             | {'iss':null}                                               | -
            issuer as number      | {'iss':5}                                                  | -
            no subject            | {'sub':null}                                               | ''
            another subject       | {'sub':'system:serviceaccount:ns:other'}                   | ''
            nothing of Kubernetes | {'kubernetes.io':null}                                     | resource name may not be empty
            Kubernetes as text    | {'kubernetes.io':'x'}                                      | json: cannot unmarshal string into Go value of type serviceaccount.kubernetes
            another namespace     | {'kubernetes.io':{'namespace':'kube-system'}}              | serviceaccounts "robot" not found
            no namespace          | {'kubernetes.io':{'namespace':''}}                         | the server could not find the requested resource
            no such account       | {'kubernetes.io':{'serviceaccount':{'name':'x'}}}          | serviceaccounts "x" not found
            no account            | {'kubernetes.io':{'serviceaccount':null}}                  | resource name may not be empty
            another account       | {'kubernetes.io':{'serviceaccount':{'uid':'u2'}}}          | service account UID (u1) does not match claim (u2)
            account without uid   | {'kubernetes.io':{'serviceaccount':{'uid':null}}}          | service account UID (u1) does not match claim ()
            no such pod           | {'kubernetes.io':{'pod':{'name':'x','uid':'x'}}}           | service account token has been invalidated
            no such secret        | {'kubernetes.io':{'secret':{'name':'x','uid':'x'}}}        | service account token has been invalidated
            no such node          | {'kubernetes.io':{'node':{'name':'x','uid':'x'}}}          | service account token has been invalidated
            pod as text           | {'kubernetes.io':{'pod':'x'}}                              | json: cannot unmarshal string into Go value of type serviceaccount.ref
            id as number          | {'jti':5}                                                  | json: cannot unmarshal number into Go value of type string
            no id                 | {'jti':null}                                               | ''
            late                  | {'kubernetes.io':{'warnafter':1799999990}}                 | ''
            warning as text       | {'kubernetes.io':{'warnafter':'x'}}                        | go-jose/go-jose/jwt: expected number value to unmarshal NumericDate
            in a secret that went | {'iss':'kubernetes/serviceaccount','aud':null,'sub':'system:serviceaccount:ns:robot','kubernetes.io/serviceaccount/namespace':'ns','kubernetes.io/serviceaccount/secret.name':'s','kubernetes.io/serviceaccount/service-account.name':'robot','kubernetes.io/serviceaccount/service-account.uid':'u1'} | Token has been invalidated
            of a secret, nothing  | {'iss':'kubernetes/serviceaccount','aud':null,'sub':null}  | sub claim is missing
            of a secret, others'  | {'iss':'kubernetes/serviceaccount','aud':['vault']}        | token audiences ["vault"] is invalid for the target audiences ["https://here"]
            """)
    void claims(String name, String changes, String refusal) {
        ObjectNode claims = JSON.createObjectNode();
        claims.put("iss", ISSUER).put("sub", "system:serviceaccount:ns:robot").put("jti", "id");
        claims.put("iat", NOW).put("nbf", NOW).put("exp", NOW + 3600);
        claims.putArray("aud").add(ISSUER);
        ObjectNode kubernetes = claims.putObject("kubernetes.io").put("namespace", "ns");
        kubernetes.putObject("serviceaccount").put("name", "robot").put("uid", "u1");
        merge(claims, (ObjectNode) JSON.readTree(changes.replace('\'', '"')));
        assertThat(review(signed(header("{'alg':'ES256','kid':'OWN'}"), claims.toString(), OWN)))
                .as(name)
                .isEqualTo(expected(refusal));
    }

    private static void merge(ObjectNode target, ObjectNode changes) {
        changes.properties().forEach(change -> {
            String key = change.getKey();
            if (change.getValue().isNull()) {
                target.remove(key);
            } else if (change.getValue() instanceof ObjectNode nested && target.get(key) instanceof ObjectNode inner) {
                merge(inner, nested);
            } else if (change.getValue().asString("").startsWith("@")) {
                target.put(
                        key, NOW + Long.parseLong(change.getValue().asString().substring(1)));
            } else {
                target.set(key, change.getValue());
            }
        });
    }

    /** @param signer OWN, OTHER, or NONE for the signature of another header */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'alg':'ES256','kid':'OWN'}                         | OWN   | ''
            {'alg':'ES256'}                                     | OWN   | ''
            {'alg':'ES256','kid':'zzz'}                         | OWN   | invalid signature, no keys found
            {'alg':'ES256','kid':'zzz'}                         | OTHER | invalid signature, no keys found
            {'alg':'ES256','kid':'OWN'}                         | OTHER | CRYPTO
            {'alg':'ES256'}                                     | OTHER | CRYPTO
            {'alg':'none'}                                      | OWN   | CRYPTO
            {'alg':'none','kid':'OWN'}                          | OWN   | CRYPTO
            {'alg':'HS256','kid':'OWN'}                         | OWN   | CRYPTO
            {'alg':'RS256','kid':'OWN'}                         | OWN   | CRYPTO
            {'alg':'ES384','kid':'OWN'}                         | OWN   | CRYPTO
            {'alg':'FOO','kid':'OWN'}                           | OWN   | CRYPTO
            {'alg':'ES256','kid':'OWN','crit':['x'],'x':1}      | OWN   | CRYPTO
            {'alg':'ES256','kid':'OWN','crit':['b64'],'b64':false} | OWN | CRYPTO
            {'alg':'ES256','jwk':{'kty':'EC','crv':'P-256'}}    | OTHER | CRYPTO
            """)
    void headers(String header, String signer, String refusal) {
        String claims =
                "{\"iss\":\"" + ISSUER + "\",\"exp\":" + (NOW + 60) + ",\"kubernetes.io\":{\"namespace\":\"ns\","
                        + "\"serviceaccount\":{\"name\":\"robot\",\"uid\":\"u1\"}}}";
        assertThat(review(signed(header(header), claims, signer.equals("OWN") ? OWN : OTHER)))
                .isEqualTo(expected(refusal.equals("CRYPTO") ? CRYPTO : refusal));
    }

    /** H, P and S are the parts of a token that holds. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            H.P.S         | ''
            H.P.          | CRYPTO
            none.P.       | CRYPTO
            H.other.S     | CRYPTO
            H.P.short     | CRYPTO
            H.P.zeros     | CRYPTO
            H.twice.S     | json: duplicate key 'iss' in object
            H.P           | -
            H.P.S.x       | -
            H.xx.S        | -
            H.array.S     | -
            H.###.S       | -
            xx.P.S        | -
            array.P.S     | -
            H.P.###       | -
            ..            | -
            nonsense      | -
            {"payload":"P","protected":"H","signature":"S"} | -
            abcdef.0123456789abcdef | -
            huge          | -
            huge.huge.huge | -
            """)
    void forms(String form, String refusal) {
        String claims = "\"iss\":\"" + ISSUER + "\",\"kubernetes.io\":{\"namespace\":\"ns\",\"serviceaccount\":"
                + "{\"name\":\"robot\",\"uid\":\"u1\"}}}";
        String header = header("{'alg':'ES256','kid':'OWN'}");
        String[] good = signed(header, "{" + claims, OWN).split("\\.");
        String[] twice =
                signed(header, "{\"iss\":\"https://elsewhere\"," + claims, OWN).split("\\.");
        String token = form.replace("huge", "x".repeat(100_000))
                .replace("H", good[0])
                .replace(".P", "." + good[1])
                .replace("other", part("{\"exp\":1," + claims))
                .replace("zeros", part(new byte[64]))
                .replace("short", good[2].substring(4))
                .replace("none", part("{\"alg\":\"none\"}"))
                .replace("array", part("[1]"));
        token = form.equals("H.twice.S") ? String.join(".", twice) : token.replaceAll("S$|S(?=\\.)", good[2]);
        assertThat(review(token)).isEqualTo(expected(refusal.equals("CRYPTO") ? CRYPTO : refusal));
    }

    /** What the review says: empty when the token holds. */
    private String review(String token) {
        TokenReview review = TokenReview.newBuilder()
                .setSpec(TokenReviewSpec.newBuilder().setToken(token))
                .build();
        TokenReview answer = reviews.token(review, IdentityReviews.Notes.NONE);
        assertThat(answer.getStatus().getAuthenticated())
                .isEqualTo(answer.getStatus().getError().isEmpty());
        return answer.getStatus().getError();
    }

    private static String expected(String refusal) {
        return refusal.equals("-")
                ? "invalid bearer token"
                : refusal.isEmpty() ? "" : "[invalid bearer token, " + refusal + "]";
    }

    private static String header(String json) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(OWN.getPublic().getEncoded());
            return json.replace('\'', '"').replace("OWN", part(digest));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String signed(String header, String claims, KeyPair key) {
        String content = part(header) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.getPrivate());
            signature.update(content.getBytes(StandardCharsets.UTF_8));
            return content + "." + part(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String part(String text) {
        return part(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

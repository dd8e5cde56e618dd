package io.jollyboat.apiserver.webhook;

import io.jollyboat.api.admission.v1.AdmissionResponse;
import io.jollyboat.api.admission.v1.AdmissionReview;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.patch.GoQuote;
import io.jollyboat.codec.DecodeException;
import io.jollyboat.codec.JsonCodec;
import io.jollyboat.codec.Strictness;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a webhook's answer, with upstream's checks in upstream's words. */
final class ReviewAnswer {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GROUP = "admission.k8s.io/";

    private ReviewAnswer() {}

    /** @throws CallException where the body is no review at all */
    static JsonNode decode(String version, byte[] body) throws CallException {
        JsonNode node = document(body);
        String apiVersion = node.path("apiVersion").asString("");
        String kind = node.path("kind").asString("");
        boolean other = !apiVersion.isEmpty() && !apiVersion.equals(GROUP + version);
        boolean known = apiVersion.equals(GROUP + "v1") || apiVersion.equals(GROUP + "v1beta1");
        if (!kind.isEmpty() && (!kind.equals("AdmissionReview") || (other && !known))) {
            String said = apiVersion.isEmpty() ? GROUP + version : apiVersion;
            throw new CallException("no kind \"" + kind + "\" is registered for version \"" + said
                    + "\" in scheme \"k8s.io/apiserver/pkg/util/webhook/client.go\"");
        }
        if (other) {
            String got = apiVersion.substring(GROUP.length());
            throw new CallException("converting (" + got + ".AdmissionReview) to (" + version
                    + ".AdmissionReview): unknown conversion");
        }
        return node;
    }

    /** A JSON object; everything else is told as upstream's decoder tells it. */
    static JsonNode document(byte[] body) throws CallException {
        try {
            JsonNode node = JSON.readTree(body);
            if (node.isObject()) {
                return node;
            }
            throw noVersion(
                    node.isArray() ? "array" : node.isNumber() ? "number" : node.isBoolean() ? "bool" : "string");
        } catch (JacksonException e) {
            String text = HookClient.utf8(body).stripLeading();
            if (!text.startsWith("{")) {
                // The same as a YAML document, which it is.
                throw noVersion("string");
            }
            throw new CallException("couldn't get version/kind; json parse error: unexpected end of JSON input");
        }
    }

    private static CallException noVersion(String type) {
        return new CallException("couldn't get version/kind; json parse error: json: cannot unmarshal " + type
                + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
                + "Kind string \"json:\\\"kind,omitempty\\\"\" }");
    }

    static AdmissionReview review(JsonNode node) throws CallException {
        try {
            return JsonCodec.decode(node, AdmissionReview.getDefaultInstance(), Strictness.IGNORE)
                    .message();
        } catch (DecodeException e) {
            throw new CallException(e.getMessage());
        }
    }

    /** The answer, where it is one to the question. */
    static AdmissionResponse verified(String version, String uid, boolean mutating, JsonNode node)
            throws CallException {
        AdmissionReview review = review(node);
        if (!review.hasResponse()) {
            throw invalid("webhook response was absent");
        }
        AdmissionResponse response = review.getResponse();
        if (version.equals("v1beta1")) {
            // The old version asked for nothing, and knew one form of patch.
            return mutating && !response.getPatch().isEmpty()
                    ? response.toBuilder().setPatchType("JSONPatch").build()
                    : response.toBuilder().clearPatch().clearPatchType().build();
        }
        if (!response.getUid().equals(uid)) {
            throw invalid("expected response.uid=\"" + uid + "\", got " + GoQuote.of(response.getUid()));
        }
        String kind = node.path("kind").asString("");
        String apiVersion = node.path("apiVersion").asString("");
        if (!kind.equals("AdmissionReview") || !apiVersion.equals(GROUP + version)) {
            throw invalid("expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got "
                    + (apiVersion.isEmpty() ? "/" : apiVersion) + ", Kind=" + kind);
        }
        boolean patch = !response.getPatch().isEmpty();
        if (!mutating) {
            if (patch) {
                throw invalid("validating webhook may not return response.patch");
            }
            if (response.hasPatchType()) {
                throw invalid("validating webhook may not return response.patchType");
            }
            return response;
        }
        if (patch && !response.hasPatchType()) {
            throw invalid("webhook returned response.patch but not response.patchType");
        }
        if (!patch && response.hasPatchType()) {
            throw invalid("webhook returned response.patchType but not response.patch");
        }
        if (response.hasPatchType() && response.getPatchType().isEmpty()) {
            throw invalid("webhook returned invalid response.patchType of \"\"");
        }
        return response;
    }

    private static CallException invalid(String why) {
        return new CallException("received invalid webhook response: " + why);
    }
}

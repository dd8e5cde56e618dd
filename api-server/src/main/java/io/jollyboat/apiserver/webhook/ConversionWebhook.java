package io.jollyboat.apiserver.webhook;

import io.jollyboat.api.apiextensions.v1.CustomResourceDefinition;
import io.jollyboat.api.apiextensions.v1.WebhookClientConfig;
import io.jollyboat.apiserver.custom.CustomConverter;
import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.patch.GoQuote;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lets a definition's webhook bring its objects from one version into another, those of a list together. */
public final class ConversionWebhook implements CustomConverter {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String GROUP = "apiextensions.k8s.io/";

    private final Runtime runtime;
    private final HttpCaller http;
    private final ServiceAddress services;
    private final HookClient.Location location;
    private final List<String> versions;

    public ConversionWebhook(
            Runtime runtime, HttpCaller http, ServiceAddress services, CustomResourceDefinition definition) {
        this.runtime = runtime;
        this.http = http;
        this.services = services;
        this.location =
                location(definition.getSpec().getConversion().getWebhook().getClientConfig());
        this.versions = definition.getSpec().getConversion().getWebhook().getConversionReviewVersionsList();
    }

    private static HookClient.Location location(WebhookClientConfig config) {
        var service = config.getService();
        return new HookClient.Location(
                config.getUrl(),
                service.getNamespace(),
                service.getName(),
                service.getPort(),
                service.getPath(),
                config.getCaBundle());
    }

    @Override
    public boolean asksOthers() {
        return true;
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, String kind, String from, String to) {
        String what = "conversion webhook for " + from + ", Kind=" + kind;
        JsonNode converted;
        try {
            converted = ask(objects, to);
        } catch (CallException e) {
            throw failed(what + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            throw HookCaller.interrupted();
        }
        if (converted.size() != objects.size()) {
            throw failed(what + " returned " + converted.size() + " objects, expected " + objects.size());
        }
        List<ObjectNode> results = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            results.add(checked(objects.get(i), converted.get(i), what, i, kind, to));
        }
        return results;
    }

    private static ObjectNode checked(
            ObjectNode object, JsonNode result, String what, int index, String kind, String to) {
        String version = result.path("apiVersion").asString("");
        String got = result.path("kind").asString("");
        if (!version.equals(to)) {
            throw failed(what + " returned invalid object at index " + index + ": invalid groupVersion (expected " + to
                    + ", received " + version + ")");
        }
        if (!got.equals(kind) || !(result instanceof ObjectNode whole)) {
            throw failed(what + " returned invalid object at index " + index + ": invalid kind (expected " + kind
                    + ", received " + got + ")");
        }
        for (String field : List.of("name", "namespace", "uid")) {
            String before = object.path("metadata").path(field).asString("");
            String after = whole.path("metadata").path(field).asString("");
            if (!before.equals(after)) {
                throw failed(what + " returned invalid object: must have the same "
                        + (field.equals("uid") ? "UID" : field) + ": " + before + " != " + after);
            }
        }
        return whole;
    }

    private JsonNode ask(List<ObjectNode> objects, String to) throws CallException, InterruptedException {
        String version = versions.stream()
                .filter(one -> one.equals("v1") || one.equals("v1beta1"))
                .findFirst()
                .orElseThrow(() -> failed("no supported conversion review versions"));
        RandomGenerator random = runtime.random();
        String uid = new java.util.UUID(random.nextLong(), random.nextLong()).toString();
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "ConversionReview").put("apiVersion", GROUP + version);
        ObjectNode request = review.putObject("request");
        request.put("uid", uid).put("desiredAPIVersion", to);
        request.putArray("objects").addAll(objects);
        byte[] body = review.toString().getBytes(StandardCharsets.UTF_8);
        JsonNode answer =
                ReviewAnswer.document(HookClient.of(location, http, services).post(body, TIMEOUT));
        String kind = answer.path("kind").asString("");
        String apiVersion = answer.path("apiVersion").asString("");
        boolean v1 = version.equals("v1");
        if (v1 && !(kind.equals("ConversionReview") && apiVersion.equals(GROUP + version))) {
            throw new CallException("expected webhook response of " + GROUP + "v1, Kind=ConversionReview, got "
                    + (apiVersion.isEmpty() ? "/" : apiVersion) + ", Kind=" + kind);
        }
        JsonNode response = answer.path("response");
        if (!response.isObject()) {
            throw new CallException("no response provided");
        }
        String answered = response.path("uid").asString("");
        if (v1 && !answered.equals(uid)) {
            throw new CallException("expected response.uid=\"" + uid + "\", got " + GoQuote.of(answered));
        }
        String status = response.path("result").path("status").asString("");
        if (!status.equals("Success")) {
            String message = response.path("result").path("message").asString("");
            throw new CallException(
                    message.isEmpty() ? "response.result.status was '" + status + "', not 'Success'" : message);
        }
        return response.path("convertedObjects");
    }

    private static ApiException failed(String why) {
        return ApiException.of(500, "", why);
    }
}

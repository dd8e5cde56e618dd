package io.jollyboat.apiserver.aggregation;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI documents of other servers. Asked for when somebody wants them; what is known is told at once, and asked
 * for again when it is older than a minute.
 */
final class RemoteOpenApi {
    private static final Log LOG = Log.of(RemoteOpenApi.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final String V2 = "/openapi/v2";
    private static final String V3 = "/openapi/v3";

    private final Runtime runtime;
    private final ApiServices services;
    private final RemoteCalls calls;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();

    /** @param document null where the server has none, or did not answer */
    private record Known(ObjectNode document, String etag, long asked) {}

    RemoteOpenApi(Runtime runtime, ApiServices services, RemoteCalls calls) {
        this.runtime = runtime;
        this.services = services;
        this.calls = calls;
    }

    /** Where the documents of version 3 are, by {@code apis/<group>/<version>}. */
    Map<String, String> v3Paths() throws InterruptedException {
        Map<String, String> paths = new TreeMap<>();
        for (RemoteApi api : available()) {
            ObjectNode index = get(api, V3);
            String path = api.path().substring(1);
            JsonNode url = index == null ? null : index.path("paths").path(path).get("serverRelativeURL");
            if (url != null && url.isString() && url.asString().startsWith(V3 + "/")) {
                paths.put(path, url.asString());
            }
        }
        return paths;
    }

    /** Documents of version 2 that there are; the same objects while nothing changes. */
    Map<RemoteApi, ObjectNode> v2() throws InterruptedException {
        Map<RemoteApi, ObjectNode> documents = new java.util.LinkedHashMap<>();
        for (RemoteApi api : available()) {
            ObjectNode document = get(api, V2);
            if (document != null) {
                documents.put(api, document);
            }
        }
        return documents;
    }

    private List<RemoteApi> available() {
        List<RemoteApi> apis = new ArrayList<>();
        for (RemoteApi api : services.state().remote().values()) {
            if (api.available() && !api.group().isEmpty()) {
                apis.add(api);
            }
        }
        apis.sort(java.util.Comparator.comparing(RemoteApi::name));
        if (apis.isEmpty()) {
            known.clear();
        }
        return apis;
    }

    private ObjectNode get(RemoteApi api, String path) throws InterruptedException {
        String key = api.server().key() + path;
        Known last = known.get(key);
        if (last == null) {
            fetch(api, path, key, null);
        } else if (runtime.nanoTime() - last.asked() > FRESH_NANOS && asking.add(key)) {
            runtime.start("openapi of " + api.name(), () -> {
                try {
                    fetch(api, path, key, last);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    asking.remove(key);
                }
            });
        }
        Known now = known.get(key);
        return now == null ? null : now.document();
    }

    private void fetch(RemoteApi api, String path, String key, Known last) throws InterruptedException {
        long asked = runtime.nanoTime();
        String etag = last == null ? "" : last.etag();
        try {
            Answer answer = calls.get(api.server(), path, RemoteCalls.AGGREGATOR, "application/json", etag, TIME);
            int code = answer.head().code();
            if (code == 304 && last != null) {
                known.put(key, new Known(last.document(), etag, asked));
            } else if (code == 200 && MAPPER.readTree(answer.body().toByteArray()) instanceof ObjectNode document) {
                String tag = answer.head().header("Etag");
                boolean same = last != null && document.equals(last.document());
                known.put(key, new Known(same ? last.document() : document, tag == null ? "" : tag, asked));
            } else {
                known.put(key, new Known(code == 404 || last == null ? null : last.document(), "", asked));
            }
        } catch (CallException | JacksonException e) {
            LOG.debug("OpenAPI of another server failed", "apiservice", api.name(), "reason", e.getMessage());
            known.put(key, new Known(last == null ? null : last.document(), etag, asked));
        }
    }
}

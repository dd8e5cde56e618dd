package io.jollyboat.apiserver.remote;

import io.jollyboat.apiserver.outbound.CallException;
import io.jollyboat.apiserver.outbound.HttpCaller;
import io.jollyboat.apiserver.outbound.HttpCaller.Answer;
import io.jollyboat.apiserver.webhook.ServerErrors;
import io.jollyboat.runtime.Runtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Posts reviews to one server, which sends them back with a status. What may pass is tried again, as upstream does. */
public final class ReviewClient {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_BYTES = 3 * 1024 * 1024;
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final double FACTOR = 1.5;
    private static final double JITTER = 0.2;

    private final HttpCaller calls;
    private final Runtime runtime;
    private final Kubeconfig server;
    private final Duration timeout;

    /** @param timeout of each attempt */
    public ReviewClient(HttpCaller calls, Runtime runtime, Kubeconfig server, Duration timeout) {
        this.calls = calls;
        this.runtime = runtime;
        this.server = server;
        this.timeout = timeout;
    }

    /** What an attempt came to, where it did not fail for good. */
    private sealed interface Attempt {
        record Answered(Answer answer) implements Attempt {}

        /** A failure that may be over by the next attempt. */
        record Passing(CallException failure) implements Attempt {}
    }

    /**
     * The review as it came back.
     *
     * @throws CallException when there was no usable answer
     */
    public JsonNode post(JsonNode review) throws CallException {
        byte[] body = JSON.writeValueAsBytes(review);
        try {
            double pause = FIRST_PAUSE.toNanos();
            for (int attempt = 1; ; attempt++) {
                switch (attempt(body)) {
                    case Attempt.Answered answered -> {
                        return read(review, answered.answer());
                    }
                    case Attempt.Passing passing -> {
                        if (attempt == ATTEMPTS) {
                            throw passing.failure();
                        }
                        double jittered = pause * (1 + JITTER * runtime.random().nextDouble());
                        runtime.sleep(Duration.ofNanos((long) jittered));
                        pause *= FACTOR;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallException("context canceled");
        }
    }

    private Attempt attempt(byte[] body) throws CallException, InterruptedException {
        Answer answer;
        try {
            List<Map.Entry<String, String>> headers = new ArrayList<>(server.headers());
            headers.add(Map.entry("User-Agent", "kube-apiserver"));
            headers.add(Map.entry("Accept", "application/json, */*"));
            headers.add(Map.entry("Content-Type", "application/json"));
            answer = calls.call(server.peer(), "POST", server.path(), headers, body, timeout, MAX_BYTES);
        } catch (CallException e) {
            CallException failure = failure(String.valueOf(e.getMessage()));
            if (failure.getMessage().endsWith("connection reset by peer")) {
                return new Attempt.Passing(failure);
            }
            throw failure;
        } catch (RuntimeException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
        int code = answer.head().code();
        if (code >= 200 && code <= 206) {
            return new Attempt.Answered(answer);
        }
        CallException failure = new CallException(ServerErrors.text(
                code, answer.head().header("Content-Type"), answer.body().toByteArray()));
        boolean passing =
                code == 429 || code == 500 || code == 504 || answer.head().header("Retry-After") != null;
        if (passing) {
            return new Attempt.Passing(failure);
        }
        throw failure;
    }

    private CallException failure(String why) {
        return new CallException("Post \"" + server.peer().url(server.path()) + "\": " + why);
    }

    private static JsonNode read(JsonNode review, Answer answer) throws CallException {
        try {
            JsonNode read = JSON.readTree(answer.body().toByteArray());
            if (!read.isObject()
                    || !read.path("kind").equals(review.path("kind"))
                    || !read.path("apiVersion").equals(review.path("apiVersion"))) {
                throw new CallException(
                        "the answer is no " + review.path("kind").asString("") + " of "
                                + review.path("apiVersion").asString("") + ": kind "
                                + read.path("kind") + ", apiVersion " + read.path("apiVersion"));
            }
            return read;
        } catch (JacksonException e) {
            throw new CallException("couldn't get version/kind; json parse error: " + e.getOriginalMessage());
        }
    }
}

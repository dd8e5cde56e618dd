package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.api.admission.v1.AdmissionResponse;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.RuleMatch;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import io.jollyboat.runtime.Runtime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Lets the webhooks of ValidatingWebhookConfigurations judge an object, all at once. */
final class ValidatingWebhooks implements AdmissionPlugin {
    private static final Log LOG = Log.of(ValidatingWebhooks.class);

    private final Runtime runtime;
    private final HookSource source;
    private final HookChoice choice;
    private final HookCaller caller;
    private final HookMetrics metrics;

    ValidatingWebhooks(Runtime runtime, HookSource source, HookChoice choice, HookCaller caller, HookMetrics metrics) {
        this.metrics = metrics;
        this.runtime = runtime;
        this.source = source;
        this.choice = choice;
        this.caller = caller;
    }

    /** What came of one call; one of the three is set. */
    private record Verdict(AdmissionResponse response, HookFailure failure, ApiException refusal) {}

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    @Override
    public void validate(AdmissionRequest request, Message object) {
        List<Hook> hooks = source.hooks();
        if (!hooks.isEmpty() && !RuleMatch.isExempt(request)) {
            dispatch(hooks, request, object);
        }
    }

    private void dispatch(List<Hook> hooks, AdmissionRequest request, Message object) {
        List<HookCall> calls = new ArrayList<>();
        for (Hook hook : hooks) {
            Optional<HookCall> call = choice.of(hook, request, object);
            call.ifPresent(calls::add);
        }
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (HookCall call : calls) {
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            verdicts.add(verdict);
            if (calls.size() == 1) {
                verdict.complete(ask(request, call));
            } else {
                runtime.start("webhook " + call.hook().name(), () -> complete(verdict, request, call));
            }
        }
        ApiException refusal = null;
        for (int i = 0; i < calls.size(); i++) {
            ApiException one = judged(request, calls.get(i).hook(), await(verdicts.get(i)), i);
            refusal = refusal == null ? one : refusal;
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void complete(CompletableFuture<Verdict> verdict, AdmissionRequest request, HookCall call) {
        try {
            verdict.complete(ask(request, call));
        } catch (RuntimeException e) {
            verdict.completeExceptionally(e);
        }
    }

    private Verdict ask(AdmissionRequest request, HookCall call) {
        Hook hook = call.hook();
        long begun = metrics.now();
        try {
            AdmissionResponse response = caller.ask(request, call, false);
            if (response.getAllowed()) {
                metrics.passed(request, hook, begun);
            } else {
                int code = HookCaller.refusal(hook, response).code();
                metrics.rejected(request, hook, begun, HookMetrics.Fault.NO_ERROR, code);
            }
            return new Verdict(response, null, null);
        } catch (HookFailure e) {
            if (hook.ignore()) {
                metrics.failedOpen(request, hook, begun, e.code());
            } else {
                metrics.rejected(request, hook, begun, HookMetrics.Fault.CALLING_WEBHOOK_ERROR, e.code());
            }
            return new Verdict(null, e, null);
        } catch (ApiException e) {
            metrics.rejected(request, hook, begun, HookMetrics.Fault.APISERVER_INTERNAL_ERROR, 0);
            return new Verdict(null, null, e);
        } catch (InterruptedException e) {
            return new Verdict(null, null, HookCaller.interrupted());
        }
    }

    private static Verdict await(CompletableFuture<Verdict> verdict) {
        try {
            return verdict.get();
        } catch (InterruptedException e) {
            return new Verdict(null, null, HookCaller.interrupted());
        } catch (ExecutionException e) {
            return new Verdict(null, null, ApiException.internal(String.valueOf(e.getCause())));
        }
    }

    /** Null where the webhook has nothing against it. */
    private static ApiException judged(AdmissionRequest request, Hook hook, Verdict verdict, int index) {
        if (verdict.refusal() != null) {
            return verdict.refusal();
        }
        if (verdict.failure() != null) {
            String why = verdict.failure().getMessage();
            if (!hook.ignore()) {
                return ApiException.internal(why);
            }
            LOG.warn("webhook failed, which its policy ignores", "webhook", hook.name(), "reason", why);
            request.audit().add("failed-open.validating.webhook.admission.k8s.io/round_0_index_" + index, hook.name());
            return null;
        }
        HookCaller.tell(request, hook, verdict.response());
        return verdict.response().getAllowed() ? null : HookCaller.refusal(hook, verdict.response());
    }
}

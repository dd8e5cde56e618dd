package io.jollyboat.apiserver.webhook;

import com.google.protobuf.Message;
import io.jollyboat.api.admission.v1.AdmissionResponse;
import io.jollyboat.apiserver.admission.AdmissionPlugin;
import io.jollyboat.apiserver.admission.AdmissionRequest;
import io.jollyboat.apiserver.admission.ObjectDefaulter;
import io.jollyboat.apiserver.admission.Reinvocation;
import io.jollyboat.apiserver.admission.RuleMatch;
import io.jollyboat.apiserver.patch.GoQuote;
import io.jollyboat.errors.ApiException;
import io.jollyboat.log.Log;
import java.util.List;
import java.util.Optional;

/** Lets the webhooks of MutatingWebhookConfigurations change an object, one after the other. */
final class MutatingWebhooks implements AdmissionPlugin {
    private static final Log LOG = Log.of(MutatingWebhooks.class);

    private final HookSource source;
    private final HookChoice choice;
    private final HookCaller caller;
    private final ObjectDefaulter defaulter;
    private final HookMetrics metrics;

    MutatingWebhooks(
            HookSource source, HookChoice choice, HookCaller caller, ObjectDefaulter defaulter, HookMetrics metrics) {
        this.metrics = metrics;
        this.source = source;
        this.choice = choice;
        this.caller = caller;
        this.defaulter = defaulter;
    }

    @Override
    public String name() {
        return "MutatingAdmissionWebhook";
    }

    @Override
    public Message mutate(AdmissionRequest request, Message object) {
        List<Hook> hooks = source.hooks();
        return hooks.isEmpty() || RuleMatch.isExempt(request) ? object : dispatch(hooks, request, object);
    }

    @Override
    public void beforeDeletion(AdmissionRequest request) {
        mutate(request, null);
    }

    private Message dispatch(List<Hook> hooks, AdmissionRequest request, Message object) {
        boolean second = request.context().reinvoking();
        Reinvocation rounds = request.context().note(this, Reinvocation::new);
        rounds.begin(request, object);
        Message result = object;
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            Optional<HookCall> call = choice.of(hook, request, result);
            if (call.isEmpty() || !rounds.isDue(request, hook.id())) {
                continue;
            }
            Message changed = ask(request, call.get(), result, (second ? "round_1" : "round_0") + "_index_" + i);
            if (changed != null && !changed.equals(result)) {
                result = changed;
                rounds.changed();
                request.context().requestReinvocation();
            }
            if (hook.again()) {
                rounds.asked(hook.id());
            }
        }
        rounds.end(result);
        return result;
    }

    private Message ask(AdmissionRequest request, HookCall call, Message object, String place) {
        Hook hook = call.hook();
        boolean mutated = false;
        long begun = metrics.now();
        try {
            AdmissionResponse response = caller.ask(request, call, true);
            HookCaller.tell(request, hook, response);
            if (!response.getAllowed()) {
                ApiException refusal = HookCaller.refusal(hook, response);
                metrics.rejected(request, hook, begun, HookMetrics.Fault.NO_ERROR, refusal.code());
                throw refusal;
            }
            Message changed = response.getPatch().isEmpty() ? call.object() : patched(request, call, response, place);
            mutated = changed != null && !changed.equals(call.object());
            Message result = mutated ? choice.back(request, call, changed) : object;
            metrics.passed(request, hook, begun);
            return result;
        } catch (HookFailure e) {
            if (!hook.ignore()) {
                metrics.rejected(request, hook, begun, HookMetrics.Fault.CALLING_WEBHOOK_ERROR, e.code());
                throw ApiException.internal(e.getMessage());
            }
            LOG.warn("webhook failed, which its policy ignores", "webhook", hook.name(), "reason", e.getMessage());
            metrics.failedOpen(request, hook, begun, e.code());
            request.audit().add("failed-open.mutation.webhook.admission.k8s.io/" + place, hook.name());
            return object;
        } catch (InterruptedException e) {
            throw HookCaller.interrupted();
        } finally {
            request.audit()
                    .add(
                            "mutation.webhook.admission.k8s.io/" + place,
                            "{\"configuration\":\"" + hook.configuration() + "\",\"webhook\":\"" + hook.name()
                                    + "\",\"mutated\":" + mutated + "}");
        }
    }

    private Message patched(AdmissionRequest request, HookCall call, AdmissionResponse response, String place)
            throws HookFailure {
        ReviewPatch patch =
                ReviewPatch.read(call.hook().name(), response.getPatch().toByteArray());
        if (patch.isEmpty()) {
            return call.object();
        }
        if (call.object() == null) {
            throw ApiException.internal("admission webhook \"" + call.hook().name()
                    + "\" attempted to modify the object, which is not supported for this operation");
        }
        if (!response.getPatchType().equals("JSONPatch")) {
            throw new HookFailure(call.hook().name(), "unsupported patch type " + GoQuote.of(response.getPatchType()));
        }
        Message changed = patch.apply(
                call.object(),
                request.body() == null ? io.jollyboat.apiserver.admission.ObjectKind.of(call.as()) : request.body());
        Hook hook = call.hook();
        request.audit()
                .addDetail(
                        "patch.webhook.admission.k8s.io/" + place,
                        () -> "{\"configuration\":\"" + hook.configuration() + "\",\"webhook\":\"" + hook.name()
                                + "\",\"patch\":" + patch.text() + ",\"patchType\":\"JSONPatch\"}");
        return defaulter.completed(request.body() == null ? call.as() : null, changed);
    }
}

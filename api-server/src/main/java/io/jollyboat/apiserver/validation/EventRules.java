package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.values.Names;
import io.jollyboat.values.Times;
import java.util.List;

/** The rules of events, which are looser for those of the old API. */
final class EventRules {
    private static final int INSTANCE_LIMIT = 128;
    private static final int ACTION_LIMIT = 128;
    private static final int REASON_LIMIT = 128;
    private static final int NOTE_LIMIT = 1024;

    private EventRules() {}

    static void old(Errors errors, io.jollyboat.api.core.v1.Event event) {
        boolean timed = event.hasEventTime() && !Times.isZero(event.getEventTime());
        namespace(errors, event.getMetadata(), event.getInvolvedObject(), timed);
        if (timed) {
            reporter(errors, "reportingComponent", event.getReportingComponent(), event.getReportingInstance());
            texts(errors, event.getAction(), event.getReason(), event.getMessage());
        }
        String space = event.getMetadata().getNamespace();
        errors.invalid("namespace", space, Names.dns1123Subdomain(space));
    }

    static void create(Errors errors, io.jollyboat.api.events.v1.Event event) {
        lenient(errors, event);
        MetaRules.check(errors, event.getMetadata(), true, "metadata", Names::dns1123Subdomain);
        series(errors, event);
        if (!isTimed(event)) {
            errors.required("eventTime");
        }
        if (!List.of("Normal", "Warning").contains(event.getType())) {
            errors.invalid("type", "", "has invalid value: " + event.getType());
        }
        unset(errors, "firstTimestamp", !Times.isZero(event.getDeprecatedFirstTimestamp()));
        unset(errors, "lastTimestamp", !Times.isZero(event.getDeprecatedLastTimestamp()));
        unset(errors, "count", event.getDeprecatedCount() != 0);
        unset(
                errors,
                "source",
                !event.getDeprecatedSource().getComponent().isEmpty()
                        || !event.getDeprecatedSource().getHost().isEmpty());
    }

    static void update(Errors errors, io.jollyboat.api.events.v1.Event event, io.jollyboat.api.events.v1.Event old) {
        lenient(errors, event);
        MetaRules.checkUpdate(errors, event.getMetadata(), old.getMetadata(), "metadata");
        if (!event.getSeries().equals(old.getSeries())) {
            series(errors, event);
        }
        errors.unchanged("involvedObject", event.getRegarding(), old.getRegarding());
        errors.unchanged("reason", event.getReason(), old.getReason());
        errors.unchanged("message", event.getNote(), old.getNote());
        errors.unchanged("source", event.getDeprecatedSource(), old.getDeprecatedSource());
        errors.unchanged("firstTimestamp", event.getDeprecatedFirstTimestamp(), old.getDeprecatedFirstTimestamp());
        errors.unchanged("lastTimestamp", event.getDeprecatedLastTimestamp(), old.getDeprecatedLastTimestamp());
        errors.unchanged("count", event.getDeprecatedCount(), old.getDeprecatedCount());
        errors.unchanged("type", event.getType(), old.getType());
        errors.unchanged("eventTime", event.getEventTime(), old.getEventTime());
        errors.unchanged("action", event.getAction(), old.getAction());
        errors.unchanged("related", event.hasRelated(), event.getRelated(), old.hasRelated(), old.getRelated());
        errors.unchanged("reportingController", event.getReportingController(), old.getReportingController());
        errors.unchanged("reportingInstance", event.getReportingInstance(), old.getReportingInstance());
    }

    private static boolean isTimed(io.jollyboat.api.events.v1.Event event) {
        return event.hasEventTime() && !Times.isZero(event.getEventTime());
    }

    private static void lenient(Errors errors, io.jollyboat.api.events.v1.Event event) {
        namespace(errors, event.getMetadata(), event.getRegarding(), isTimed(event));
        if (isTimed(event)) {
            reporter(errors, "reportingController", event.getReportingController(), event.getReportingInstance());
            texts(errors, event.getAction(), event.getReason(), event.getNote());
        }
        String space = event.getMetadata().getNamespace();
        errors.invalid("namespace", space, Names.dns1123Subdomain(space));
    }

    private static void namespace(Errors errors, ObjectMeta meta, ObjectReference object, boolean timed) {
        String own = meta.getNamespace();
        String other = object.getNamespace();
        boolean wrong = other.isEmpty()
                ? !own.equals("default") && !(timed ? own.equals("kube-system") : own.isEmpty())
                : !timed && !own.equals(other);
        if (wrong) {
            errors.invalid("involvedObject.namespace", other, "does not match event.namespace");
        }
    }

    private static void reporter(Errors errors, String field, String reporter, String instance) {
        if (reporter.isEmpty()) {
            errors.required(field);
        }
        errors.invalid(field, reporter, Names.qualifiedName(reporter));
        if (errors.present("reportingInstance", instance)) {
            limit(errors, "reportingInstance", instance, INSTANCE_LIMIT);
        }
    }

    private static void texts(Errors errors, String action, String reason, String note) {
        if (errors.present("action", action)) {
            limit(errors, "action", action, ACTION_LIMIT);
        }
        if (errors.present("reason", reason)) {
            limit(errors, "reason", reason, REASON_LIMIT);
        }
        limit(errors, "message", note, NOTE_LIMIT);
    }

    private static void limit(Errors errors, String path, String value, int limit) {
        if (value.length() > limit) {
            errors.invalid(path, "", "can have at most " + limit + " characters");
        }
    }

    private static void unset(Errors errors, String path, boolean set) {
        if (set) {
            errors.invalid(path, "", "needs to be unset");
        }
    }

    private static void series(Errors errors, io.jollyboat.api.events.v1.Event event) {
        if (!event.hasSeries()) {
            return;
        }
        if (event.getSeries().getCount() < 2) {
            errors.invalid("series.count", "", "should be at least 2");
        }
        if (Times.isZero(event.getSeries().getLastObservedTime())) {
            errors.required("series.lastObservedTime");
        }
    }
}

package io.jollyboat.apiserver.validation;

import io.jollyboat.api.core.v1.Container;
import io.jollyboat.api.core.v1.HTTPGetAction;
import io.jollyboat.api.core.v1.LifecycleHandler;
import io.jollyboat.api.core.v1.Probe;
import io.jollyboat.api.core.v1.ProbeHandler;
import io.jollyboat.values.Names;

/** The rules of probes and life-cycle hooks. */
final class ProbeRules {
    private ProbeRules() {}

    static void lifecycle(Errors errors, Container container, long graceSeconds, String path) {
        if (container.getLifecycle().hasPostStart()) {
            handler(errors, container.getLifecycle().getPostStart(), graceSeconds, path + ".postStart");
        }
        if (container.getLifecycle().hasPreStop()) {
            handler(errors, container.getLifecycle().getPreStop(), graceSeconds, path + ".preStop");
        }
    }

    private static void handler(Errors errors, LifecycleHandler handler, long graceSeconds, String path) {
        ProbeHandler.Builder probe = ProbeHandler.newBuilder();
        if (handler.hasExec()) {
            probe.setExec(handler.getExec());
        }
        if (handler.hasHttpGet()) {
            probe.setHttpGet(handler.getHttpGet());
        }
        if (handler.hasTcpSocket()) {
            probe.setTcpSocket(handler.getTcpSocket());
        }
        boolean sleeps = handler.hasSleep();
        if (!sleeps || probe.hasExec() || probe.hasHttpGet() || probe.hasTcpSocket()) {
            handler(errors, probe.build(), path);
            if (sleeps) {
                errors.forbidden(path + ".sleep", "may not specify more than 1 handler type");
            }
        } else if (handler.getSleep().getSeconds() < 0 || handler.getSleep().getSeconds() > graceSeconds) {
            errors.invalid(
                    path + ".sleep",
                    handler.getSleep().getSeconds(),
                    "must be non-negative and less than terminationGracePeriodSeconds (" + graceSeconds + ")");
        }
    }

    static void probe(Errors errors, Probe probe, String path, boolean onlyOnce) {
        handler(errors, probe.getHandler(), path);
        errors.notNegative(path + ".initialDelaySeconds", probe.getInitialDelaySeconds());
        errors.notNegative(path + ".timeoutSeconds", probe.getTimeoutSeconds());
        errors.notNegative(path + ".periodSeconds", probe.getPeriodSeconds());
        errors.notNegative(path + ".successThreshold", probe.getSuccessThreshold());
        errors.notNegative(path + ".failureThreshold", probe.getFailureThreshold());
        if (probe.hasTerminationGracePeriodSeconds() && probe.getTerminationGracePeriodSeconds() <= 0) {
            errors.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.getTerminationGracePeriodSeconds(),
                    "must be greater than 0");
        }
        if (onlyOnce && probe.getSuccessThreshold() != 1) {
            errors.invalid(path + ".successThreshold", probe.getSuccessThreshold(), "must be 1");
        }
        if (!onlyOnce && probe.hasTerminationGracePeriodSeconds()) {
            errors.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.getTerminationGracePeriodSeconds(),
                    "must not be set for readinessProbes");
        }
    }

    private static void handler(Errors errors, ProbeHandler handler, String path) {
        int handlers = 0;
        if (handler.hasExec()) {
            handlers++;
            if (handler.getExec().getCommandCount() == 0) {
                errors.required(path + ".exec.command");
            }
        }
        if (handler.hasHttpGet() && another(errors, handlers++, path + ".httpGet")) {
            httpGet(errors, handler.getHttpGet(), path + ".httpGet");
        }
        if (handler.hasTcpSocket() && another(errors, handlers++, path + ".tcpSocket")) {
            CommonRules.port(errors, handler.getTcpSocket().getPort(), path + ".tcpSocket.port");
        }
        if (handler.hasGrpc() && another(errors, handlers++, path + ".grpc")) {
            errors.invalid(
                    path + ".grpc.port",
                    handler.getGrpc().getPort(),
                    Names.portNumber(handler.getGrpc().getPort()));
        }
        if (handlers == 0) {
            errors.required(path, "must specify a handler type");
        }
    }

    private static boolean another(Errors errors, int before, String path) {
        if (before > 0) {
            errors.forbidden(path, "may not specify more than 1 handler type");
        }
        return before == 0;
    }

    private static void httpGet(Errors errors, HTTPGetAction get, String path) {
        if (get.getPath().isEmpty()) {
            errors.required(path + ".path");
        }
        CommonRules.port(errors, get.getPort(), path + ".port");
        errors.oneOf(path + ".scheme", get.getScheme(), "HTTP", "HTTPS");
        get.getHttpHeadersList()
                .forEach(header ->
                        errors.invalid(path + ".httpHeaders", header.getName(), Names.httpHeader(header.getName())));
    }
}

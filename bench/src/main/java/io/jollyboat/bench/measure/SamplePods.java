package io.jollyboat.bench.measure;

/** Pods as workloads have them. */
final class SamplePods {
    private SamplePods() {}

    /** About 4 KB when stored; no scheduler takes it. */
    static String waiting(String name) {
        return pod(name, "\"schedulerName\":\"nobody\",", container("registry.example.com/team/service:1.2.3", true));
    }

    /** For the default scheduler, on any node. */
    static String plain(String name) {
        return pod(name, "", container("registry.example.com/team/service:1.2.3", false));
    }

    /** Really runs. */
    static String running(String name, String image) {
        return pod(name, "\"terminationGracePeriodSeconds\":30,", container(image, false));
    }

    private static String pod(String name, String spec, String container) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name
                + "\",\"labels\":{\"app\":\"bench\",\"pod\":\"" + name + "\"}},\"spec\":{" + spec + "\"containers\":["
                + container + "]}}";
    }

    private static String container(String image, boolean large) {
        StringBuilder env = new StringBuilder();
        for (int i = 0; large && i < 20; i++) {
            env.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"SETTING_")
                    .append(i)
                    .append("\",\"value\":\"a value of some length for setting number ")
                    .append(i)
                    .append("\"}");
        }
        return "{\"name\":\"main\",\"image\":\"" + image + "\",\"imagePullPolicy\":\"IfNotPresent\",\"env\":[" + env
                + "],\"ports\":[{\"containerPort\":8080}],"
                + "\"resources\":{\"requests\":{\"cpu\":\"10m\",\"memory\":\"16Mi\"}}}";
    }
}

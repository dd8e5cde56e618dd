package io.jollyboat.apiserver.clients;

import java.util.ArrayList;
import java.util.List;

/** A row of the requests that clients were seen to send, without what only that cluster or that moment knew. */
record ClientRequest(
        String client,
        String command,
        String method,
        String path,
        String query,
        String accept,
        String contentType,
        String upgrade,
        String streamProtocols) {
    /** In a query, in the place of a version that the client had from a list. */
    static final String VERSION = "RV";

    static ClientRequest parse(String row) {
        List<String> cells = cells(row);
        return new ClientRequest(
                cells.get(0),
                cells.get(1),
                cells.get(2),
                cells.get(3),
                general(cells.get(4)),
                cells.get(5),
                cells.get(6),
                cells.get(7),
                cells.get(8));
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    private static String general(String query) {
        return query.replaceAll("resourceVersion=\\d{2,}", "resourceVersion=" + VERSION)
                .replaceAll("timeoutSeconds=\\d+", "timeoutSeconds=300")
                .replaceAll("timeout=\\d+m\\d+s", "timeout=5m0s")
                .replaceAll("uid=[0-9a-f]{32}", "uid=00000000-0000-0000-0000-000000000000");
    }

    /** What the server gets to see: rows of different commands with the same text are the same request. */
    String text() {
        return String.join(
                " | ",
                method + " " + path + (query.isEmpty() ? "" : "?" + query),
                accept,
                contentType,
                upgrade + (streamProtocols.isEmpty() ? "" : " " + streamProtocols),
                agent());
    }

    /** The program's part of the User-Agent, which names the manager of fields. */
    String agent() {
        String version = client.replaceAll(".* (\\d[\\d.]*).*", "$1");
        if (client.startsWith("kubectl")) {
            return "kubectl";
        }
        if (client.startsWith("helm")) {
            return "Helm";
        }
        return client.startsWith("fabric8")
                ? "fabric8-kubernetes-client"
                : client.startsWith("io.kubernetes") ? "Kubernetes Java Client" : version.isEmpty() ? "" : "node-fetch";
    }

    boolean watches() {
        return query.contains("watch=true");
    }

    ClientRequest withoutInitialEvents() {
        String without = query.replace("&resourceVersionMatch=NotOlderThan", "")
                .replace("&sendInitialEvents=true", "")
                .replace("allowWatchBookmarks=true&", "");
        return new ClientRequest(client, command, method, path, without, accept, contentType, upgrade, streamProtocols);
    }
}

package io.jollyboat.apiserver.rest;

import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.QueryParams;
import io.jollyboat.apiserver.request.RequestInfo;

/** How many seats a request should take: lists, and watches that begin with one, take more the more there is to read. */
final class RequestWidths {
    private static final int OBJECTS_PER_SEAT = 100;
    private static final int WIDEST = 10;

    private final ServedKinds kinds;
    private final ObjectStorages storages;

    RequestWidths(ServedKinds kinds, ObjectStorages storages) {
        this.kinds = kinds;
        this.storages = storages;
    }

    int of(RequestInfo info, QueryParams query) {
        boolean lists = info.verb().equals("list") || (info.verb().equals("watch") && listsFirst(query));
        if (!lists || !info.name().isEmpty() || !info.resourceRequest()) {
            return 1;
        }
        int stored = kinds.find(info.apiVersion(), info.resource())
                .filter(type -> type.rules().getVerbsList().contains("watch"))
                .map(type -> storages.of(type).cache().size())
                .orElse(0);
        return Math.clamp((Math.min(stored, limit(query)) + OBJECTS_PER_SEAT - 1L) / OBJECTS_PER_SEAT, 1, WIDEST);
    }

    private static boolean listsFirst(QueryParams query) {
        String version = query.text("resourceVersion");
        return query.flag("sendInitialEvents") || version.isEmpty() || version.equals("0");
    }

    /** What is no number is refused later. */
    private static int limit(QueryParams query) {
        String limit = query.text("limit");
        if (limit.isEmpty() || limit.length() > 9 || !limit.chars().allMatch(Character::isDigit)) {
            return Integer.MAX_VALUE;
        }
        int number = Integer.parseInt(limit);
        return number == 0 ? Integer.MAX_VALUE : number;
    }
}

package io.jollyboat.apiserver.audit;

import java.util.List;

/**
 * What the door knows of a request.
 *
 * @param userAgent empty for none
 * @param sources addresses, the client's first
 * @param lasts it is answered bit by bit, so that the beginning of the answer is an event
 */
public record RequestFacts(String auditId, String uri, String userAgent, List<String> sources, boolean lasts) {}

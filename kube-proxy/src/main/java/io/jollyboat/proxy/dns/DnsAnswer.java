package io.jollyboat.proxy.dns;

import java.util.List;

/**
 * What is said to a question.
 *
 * @param authority the zone's SOA where there is nothing to say
 */
record DnsAnswer(
        ResponseCode code,
        boolean authoritative,
        List<DnsRecord> answers,
        List<DnsRecord> authority,
        List<DnsRecord> additional) {
    static DnsAnswer of(List<DnsRecord> answers, List<DnsRecord> additional) {
        return new DnsAnswer(ResponseCode.OK, true, answers, List.of(), additional);
    }

    static DnsAnswer failure(ResponseCode code) {
        return new DnsAnswer(code, false, List.of(), List.of(), List.of());
    }
}

package io.jollyboat.apiserver;

import io.jollyboat.apiserver.aggregation.Aggregation;
import io.jollyboat.apiserver.authn.FrontProxyConfig;
import io.jollyboat.apiserver.cache.ObjectStorages;
import io.jollyboat.apiserver.discovery.ServedKinds;
import io.jollyboat.apiserver.request.Call;
import io.jollyboat.apiserver.request.ResourceService;
import io.jollyboat.apiserver.security.Security;
import io.jollyboat.apiserver.webhook.ServiceAddress;
import io.jollyboat.metrics.Metrics;
import io.jollyboat.runtime.Runtime;
import io.jollyboat.tls.TlsContexts;
import io.jollyboat.tls.TlsFiles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import tools.jackson.databind.json.JsonMapper;

/** What joins aggregation to the other parts of the server. */
final class AggregationParts {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AggregationParts() {}

    static Aggregation aggregation(
            AggregationConfig settings,
            Runtime runtime,
            ObjectStorages storages,
            Security security,
            ServedKinds kinds,
            ResourceService resources,
            Metrics metrics) {
        ServiceAddress services = new ServiceAddress(security.objects());
        KeyManager[] identity = settings.proxyClientCertFile()
                .map(certificate -> new TlsContexts(
                        new TlsFiles(certificate, settings.proxyClientKeyFile().orElseThrow(), null)))
                .map(tls -> new KeyManager[] {tls.keyManager()})
                .orElse(null);
        return new Aggregation(
                runtime,
                storages,
                kinds,
                resources,
                security.objects(),
                services::resolve,
                () -> identity,
                () -> Call.own(ServiceNetwork.SERVER),
                metrics);
    }

    /** What other API servers are told of the proxies that are believed, by upstream's keys. */
    static Map<String, String> frontProxies(FrontProxyConfig settings) {
        Map<String, String> data = new TreeMap<>();
        data.put("requestheader-client-ca-file", ServerParts.text(settings.clientCaFile()));
        data.put("requestheader-allowed-names", list(settings.allowedNames()));
        data.put("requestheader-username-headers", list(settings.usernameHeaders()));
        data.put("requestheader-uid-headers", list(settings.uidHeaders()));
        data.put("requestheader-group-headers", list(settings.groupHeaders()));
        data.put("requestheader-extra-headers-prefix", list(settings.extraHeaderPrefixes()));
        return data;
    }

    private static String list(List<String> names) {
        return JSON.writeValueAsString(names);
    }
}

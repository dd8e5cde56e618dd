package io.jollyboat.proxy.dns;

import io.jollyboat.proxy.rules.Ipv4Cidr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The name servers of a host's resolv.conf. */
public final class ResolvConf {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final int PORT = 53;

    private ResolvConf() {}

    /** @param own the server's own address, which must not be asked */
    public static List<InetSocketAddress> nameServers(Path file, String own) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = SPACE.split(line.strip());
            if (words.length >= 2 && words[0].equals("nameserver") && !words[1].equals(own)) {
                parse(words[1], servers);
            }
        }
        return servers;
    }

    /** Accepts {@code 1.2.3.4} and {@code 1.2.3.4:5353}. */
    public static InetSocketAddress server(String text) {
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        Ipv4Cidr.address(host);
        int port = colon < 0 ? PORT : Integer.parseInt(text.substring(colon + 1));
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private static void parse(String word, List<InetSocketAddress> servers) {
        try {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral(word), PORT));
        } catch (IllegalArgumentException e) {
            return; // the system's resolver skips what it cannot read, too
        }
    }
}

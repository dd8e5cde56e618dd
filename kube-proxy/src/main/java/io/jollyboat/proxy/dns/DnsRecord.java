package io.jollyboat.proxy.dns;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A resource record of class IN. Names are absolute, lower case, without the last dot. */
record DnsRecord(String name, int ttlSeconds, Data data) {
    /** What a record says. */
    sealed interface Data {
        /** The type's number. */
        int type();
    }

    record Address(InetAddress ip) implements Data {
        @Override
        public int type() {
            return ip instanceof Inet4Address ? RecordType.A : RecordType.AAAA;
        }
    }

    record Service(int priority, int weight, int port, String target) implements Data {
        @Override
        public int type() {
            return RecordType.SRV;
        }
    }

    record Pointer(String target) implements Data {
        @Override
        public int type() {
            return RecordType.PTR;
        }
    }

    record Alias(String target) implements Data {
        @Override
        public int type() {
            return RecordType.CNAME;
        }
    }

    record NameServer(String target) implements Data {
        @Override
        public int type() {
            return RecordType.NS;
        }
    }

    record Text(String value) implements Data {
        @Override
        public int type() {
            return RecordType.TXT;
        }
    }

    record Authority(String server, String contact, int serial, int minimumSeconds) implements Data {
        @Override
        public int type() {
            return RecordType.SOA;
        }
    }
}

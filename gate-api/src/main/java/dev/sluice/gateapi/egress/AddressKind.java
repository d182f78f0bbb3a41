package dev.sluice.gateapi.egress;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** What an address is for, by IANA's registries of special-purpose addresses (RFC 6890, as of 2026). */
enum AddressKind {
    /** Of the internet. */
    PUBLIC,
    /** Of a network of one's own, or of this machine: an operator may name a destination there. */
    INSIDE,
    /** Nothing is delivered there: metadata services, multicast, examples, and what stands for other addresses. */
    NEVER;

    private static final List<IPAddress> INSIDE_BLOCKS = blocks(
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7");

    /** The last one is Azure's own address in each virtual network. */
    private static final List<IPAddress> NEVER_IPV4 = blocks(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "168.63.129.16/32");

    /** Metadata services that are on addresses which are otherwise inside. */
    private static final List<IPAddress> METADATA =
            blocks("100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128");

    /** The only addresses of IPv6 that are given out to the public. */
    private static final List<IPAddress> GLOBAL_IPV6 = blocks("2000::/3");

    /** Within them: protocols such as Teredo, examples, and 6to4. */
    private static final List<IPAddress> NEVER_IPV6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private static final List<IPAddress> NAT64 = blocks("64:ff9b::/96");

    /** Returns what an address is for; one of NAT64 is what the address in it is. */
    static AddressKind of(InetAddress address) {
        return of(plain(address));
    }

    /** Returns an address as the networks of this package have it: of NAT64, the one that it stands for. */
    static IPAddress plain(InetAddress address) {
        if (address instanceof Inet4Address ipv4) {
            return new IPv4Address(ipv4);
        }
        var ipv6 = new IPv6Address(address.getAddress());
        return isIn(NAT64, ipv6) ? ipv6.getEmbeddedIPv4Address() : ipv6;
    }

    private static AddressKind of(IPAddress address) {
        if (isIn(METADATA, address)) {
            return NEVER;
        }
        if (isIn(INSIDE_BLOCKS, address)) {
            return INSIDE;
        }
        boolean isPublic = address.isIPv4()
                ? !isIn(NEVER_IPV4, address)
                : isIn(GLOBAL_IPV6, address) && !isIn(NEVER_IPV6, address);
        return isPublic ? PUBLIC : NEVER;
    }

    private static boolean isIn(List<IPAddress> blocks, IPAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static List<IPAddress> blocks(String... texts) {
        return Stream.of(texts)
                .map(text -> new IPAddressString(text).getAddress().toPrefixBlock())
                .toList();
    }
}

package dev.sluice.gateapi.egress;

import dev.sluice.gateapi.config.Problems;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where Sluice sends to, of what others name: by https to port 443 of hosts that are public, and to what the operator allows
 * beyond that. The URL is judged when it is given, and once more when something is sent, with the addresses that its host has
 * then.
 */
public final class EgressRules {
    /** Environment variable: destinations that are allowed though they are inside, or by http, or on another port. */
    public static final String ALLOW = "SLUICE_EGRESS_ALLOW";

    /** Environment variable: the only hosts that are sent to, beside those that are allowed by name. */
    public static final String HOSTS = "SLUICE_EGRESS_HOSTS";

    private static final String HTTPS = "https";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int MAX_PORT = 65_535;
    private static final int LONGEST_URL = 2_000;
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern ENTRY =
            Pattern.compile("(?:(https?)://)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.*-]+)(?::([0-9]{1,5}))?");

    private final List<Destination> destinations;
    private final List<IPAddress> networks;
    private final List<HostName> hosts;

    private EgressRules(List<Destination> destinations, List<IPAddress> networks, List<HostName> hosts) {
        this.destinations = List.copyOf(destinations);
        this.networks = List.copyOf(networks);
        this.hosts = List.copyOf(hosts);
    }

    /** Returns the rules where the operator says nothing: each host that is public, and no other. */
    public static EgressRules publicOnly() {
        return new EgressRules(List.of(), List.of(), List.of());
    }

    /**
     * Reads what the operator says.
     *
     * @param allow value of {@link #ALLOW}: entries such as {@code a.example}, {@code a.example:8443},
     *     {@code http://a.example:8080}, {@code *.example.com} or a network such as {@code 10.1.0.0/16}, separated by commas
     * @param hosts value of {@link #HOSTS}: names of hosts, separated by commas; empty for all
     * @param problems gets what is wrong
     */
    public static EgressRules read(String allow, String hosts, Problems problems) {
        List<Destination> destinations = new ArrayList<>();
        List<IPAddress> networks = new ArrayList<>();
        entries(allow).forEach(entry -> {
            if (entry.matches("[0-9A-Fa-f:.]+/[0-9]+")) {
                network(entry, problems).ifPresent(networks::add);
            } else {
                destination(entry, problems).ifPresent(destinations::add);
            }
        });
        List<HostName> names = new ArrayList<>();
        entries(hosts).forEach(entry -> {
            HostName name = HostName.of(entry);
            if (HostName.isName(name.name())) {
                names.add(name);
            } else {
                problems.add(
                        HOSTS + " must have names of hosts, such as hooks.example.com or *.example.com, has " + entry);
            }
        });
        return new EgressRules(destinations, networks, names);
    }

    private static Stream<String> entries(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip).filter(entry -> !entry.isEmpty());
    }

    private static Optional<IPAddress> network(String entry, Problems problems) {
        try {
            IPAddress network = new IPAddressString(entry).toAddress();
            if (network.equals(network.toPrefixBlock())) {
                return Optional.of(network);
            }
            problems.add(ALLOW + " has a network with an address in it: " + entry);
        } catch (AddressStringException e) {
            problems.add(ALLOW + " has a network that is none: " + entry);
        }
        return Optional.empty();
    }

    private static Optional<Destination> destination(String entry, Problems problems) {
        Matcher parts = ENTRY.matcher(entry);
        if (parts.matches()) {
            String scheme = Optional.ofNullable(parts.group(1)).orElse(HTTPS);
            HostName host = HostName.of(parts.group(2));
            int port =
                    Optional.ofNullable(parts.group(3)).map(Integer::parseInt).orElse(defaultPort(scheme));
            if (port >= 1 && port <= MAX_PORT && (HostName.isName(host.name()) || isAddress(host))) {
                return Optional.of(new Destination(scheme, host, port));
            }
        }
        problems.add(ALLOW
                + " must have destinations such as hooks.internal, 10.0.0.7:8443 or http://receiver.internal:8080, or networks,"
                + " has " + entry);
        return Optional.empty();
    }

    private static boolean isAddress(HostName host) {
        String text = host.name();
        boolean isIpv6 = text.startsWith("[") && text.endsWith("]");
        @Nullable
        IPAddress address = new IPAddressString(isIpv6 ? text.substring(1, text.length() - 1) : text).getAddress();
        // the canonical spelling only: the URL has to have the same
        return !host.below()
                && address != null
                && !address.isMultiple()
                && address.isIPv6() == isIpv6
                && address.toCanonicalString().equals(isIpv6 ? text.substring(1, text.length() - 1) : text);
    }

    /**
     * Judges a URL, without a look at the network.
     *
     * @param url as it was given
     * @return the same
     * @throws EgressException that {@linkplain EgressException#isRefused is refused}; its message says what a URL must be, and
     *     nothing of this one
     */
    public URI destination(String url) throws EgressException {
        if (url.length() > LONGEST_URL) {
            throw EgressException.refused("the URL must have at most " + LONGEST_URL + " characters");
        }
        if (!VISIBLE.matcher(url).matches()) {
            throw EgressException.refused("the URL must be of visible characters of ASCII");
        }
        try {
            var read = new URI(url);
            requireAllowed(read);
            return read;
        } catch (URISyntaxException e) {
            throw EgressException.refused("the URL must be one by RFC 3986");
        }
    }

    private void requireAllowed(URI url) throws EgressException {
        @Nullable String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null || !isPlain(url, host)) {
            throw EgressException.refused(
                    "the URL must have the name of a host, without a user and without a fragment");
        }
        if (named(url)) {
            return;
        }
        if (!scheme(url).equals(HTTPS)) {
            throw EgressException.refused("the URL must be https");
        }
        if (port(url) != HTTPS_PORT) {
            throw EgressException.refused("the URL must have port 443, or none");
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (!HostName.isName(name) || !name.contains(".") || name.endsWith(".localhost")) {
            throw EgressException.refused("the host of the URL must be a full name, and no address");
        }
        if (!hosts.isEmpty() && hosts.stream().noneMatch(each -> each.matches(name))) {
            throw EgressException.refused("the host of the URL is none of those that Sluice may send to");
        }
    }

    /** Returns whether the authority is a host, and perhaps a port, and nothing that another reader may take otherwise. */
    private static boolean isPlain(URI url, String host) {
        String authority = url.getRawAuthority();
        return authority.equals(host) || authority.equals(host + ":" + url.getPort());
    }

    /**
     * Returns whether an address may be connected to.
     *
     * @param url one that was judged
     * @param address one of those that its host has
     */
    boolean allows(URI url, InetAddress address) {
        IPAddress plain = AddressKind.plain(address);
        return switch (AddressKind.of(address)) {
            case PUBLIC -> true;
            case INSIDE -> named(url) || isInNetwork(plain);
            case NEVER -> isNamedAddress(url) || isInNetwork(plain);
        };
    }

    private boolean isInNetwork(IPAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private boolean named(URI url) {
        return destinations.stream().anyMatch(each -> each.matches(url));
    }

    private boolean isNamedAddress(URI url) {
        return named(url) && !HostName.isName(url.getHost());
    }

    /** Returns the scheme of a URL that was judged, in lower case. */
    static String scheme(URI url) {
        return Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    }

    /** Returns the port of a URL, also where it names none. */
    static int port(URI url) {
        return url.getPort() < 0 ? defaultPort(scheme(url)) : url.getPort();
    }

    private static int defaultPort(String scheme) {
        return scheme.equals(HTTPS) ? HTTPS_PORT : HTTP_PORT;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EgressRules rules
                && destinations.equals(rules.destinations)
                && networks.equals(rules.networks)
                && hosts.equals(rules.hosts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(destinations, networks, hosts);
    }

    @Override
    public String toString() {
        return "EgressRules[destinations=" + destinations + ", networks=" + networks + ", hosts=" + hosts + "]";
    }

    private record Destination(String scheme, HostName host, int port) {
        boolean matches(URI url) {
            return scheme.equals(EgressRules.scheme(url))
                    && port == EgressRules.port(url)
                    && host.matches(url.getHost().toLowerCase(Locale.ROOT));
        }
    }
}

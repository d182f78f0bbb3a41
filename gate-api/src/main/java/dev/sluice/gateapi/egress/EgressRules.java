package dev.sluice.gateapi.egress;

import dev.sluice.gateapi.config.Problems;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
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

    private static final String UNLESS = ", unless it is one that " + ALLOW + " names";
    private static final String HTTPS = "https";
    /** Stands for all tenants. */
    private static final String ALL = "";

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int MAX_PORT = 65_535;
    private static final int LONGEST_URL = 2_000;
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern ENTRY =
            Pattern.compile("(?:(https?)://)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9.*-]+)(?::([0-9]{1,5}))?");

    private static final Pattern OF_TENANT = Pattern.compile("(?:([A-Za-z0-9_][A-Za-z0-9._-]*)=)?(.*)", Pattern.DOTALL);

    private final Said said;
    private final boolean restricted;
    private final Map<String, EgressRules> tenants;

    private EgressRules(Said said, boolean restricted, Map<String, EgressRules> tenants) {
        this.said = said;
        this.restricted = restricted;
        this.tenants = Map.copyOf(tenants);
    }

    /** Returns the rules where the operator says nothing: each host that is public, and no other. */
    public static EgressRules publicOnly() {
        return new EgressRules(Said.NOTHING, false, Map.of());
    }

    /**
     * Reads what the operator says. An entry is of all tenants, or of the one that stands before it: {@code acme=a.example}.
     *
     * @param allow value of {@link #ALLOW}: entries such as {@code a.example}, {@code a.example:8443},
     *     {@code http://a.example:8080}, {@code *.example.com} or a network such as {@code 10.1.0.0/16}, separated by commas
     * @param hosts value of {@link #HOSTS}: names of hosts, separated by commas; empty for all
     * @param problems gets what is wrong
     */
    public static EgressRules read(String allow, String hosts, Problems problems) {
        Map<String, Said> said = new TreeMap<>();
        entries(
                allow,
                (tenant, entry) -> allowed(entry, problems).ifPresent(one -> said.merge(tenant, one, Said::and)));
        entries(hosts, (tenant, entry) -> host(entry, problems).ifPresent(one -> said.merge(tenant, one, Said::and)));
        boolean restricted = said.values().stream().anyMatch(one -> !one.hosts().isEmpty());
        Said ofAll = Optional.ofNullable(said.remove(ALL)).orElse(Said.NOTHING);
        Map<String, EgressRules> tenants = new HashMap<>();
        said.forEach((tenant, own) -> tenants.put(tenant, new EgressRules(ofAll.and(own), restricted, Map.of())));
        return new EgressRules(ofAll, restricted, tenants);
    }

    /** Returns the rules of a tenant: those of all, and those that name it. */
    public EgressRules of(String tenant) {
        return tenants.getOrDefault(tenant, this);
    }

    private static void entries(String text, BiConsumer<String, String> each) {
        Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .map(OF_TENANT::matcher)
                .filter(Matcher::matches)
                .forEach(
                        entry -> each.accept(Optional.ofNullable(entry.group(1)).orElse(ALL), entry.group(2)));
    }

    private static Optional<Said> allowed(String entry, Problems problems) {
        return entry.matches("[0-9A-Fa-f:.]+/[0-9]+")
                ? network(entry, problems).map(network -> new Said(List.of(), List.of(network), List.of()))
                : destination(entry, problems).map(one -> new Said(List.of(one), List.of(), List.of()));
    }

    private static Optional<Said> host(String entry, Problems problems) {
        HostName name = HostName.of(entry);
        if (HostName.isName(name.name())) {
            return Optional.of(new Said(List.of(), List.of(), List.of(name)));
        }
        problems.add(HOSTS + " must have names of hosts, such as hooks.example.com or *.example.com, has " + entry);
        return Optional.empty();
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
            throw EgressException.refused("the URL must be https" + UNLESS);
        }
        if (port(url) != HTTPS_PORT) {
            throw EgressException.refused("the URL must have port 443, or none" + UNLESS);
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (!HostName.isName(name) || !name.contains(".") || name.endsWith(".localhost")) {
            throw EgressException.refused("the host of the URL must be a full name, and no address" + UNLESS);
        }
        if (restricted && said.hosts().stream().noneMatch(each -> each.matches(name))) {
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
        return said.networks().stream().anyMatch(network -> network.contains(address));
    }

    private boolean named(URI url) {
        return said.destinations().stream().anyMatch(each -> each.matches(url));
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
                && said.equals(rules.said)
                && restricted == rules.restricted
                && tenants.equals(rules.tenants);
    }

    @Override
    public int hashCode() {
        return Objects.hash(said, restricted, tenants);
    }

    @Override
    public String toString() {
        return "EgressRules[" + said + ", restricted=" + restricted + ", tenants=" + tenants + "]";
    }

    /**
     * What the operator says of some.
     *
     * @param destinations what is allowed though it is inside, or by http, or on another port
     * @param networks addresses of the inside that are allowed
     * @param hosts the only hosts, where there are any
     */
    private record Said(List<Destination> destinations, List<IPAddress> networks, List<HostName> hosts) {
        static final Said NOTHING = new Said(List.of(), List.of(), List.of());

        Said and(Said more) {
            return new Said(
                    joined(destinations, more.destinations),
                    joined(networks, more.networks),
                    joined(hosts, more.hosts));
        }

        private static <T> List<T> joined(List<T> some, List<T> more) {
            return Stream.concat(some.stream(), more.stream()).toList();
        }
    }

    private record Destination(String scheme, HostName host, int port) {
        boolean matches(URI url) {
            return scheme.equals(EgressRules.scheme(url))
                    && port == EgressRules.port(url)
                    && host.matches(url.getHost().toLowerCase(Locale.ROOT));
        }
    }
}

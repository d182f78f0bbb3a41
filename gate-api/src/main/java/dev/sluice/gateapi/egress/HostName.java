package dev.sluice.gateapi.egress;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host that an operator names: exactly, or all below a name.
 *
 * @param name in lower case; without the {@code *.} before it
 * @param below whether those below the name are meant, and not the name itself
 */
record HostName(String name, boolean below) {
    private static final int LONGEST = 253;
    private static final Pattern LABELS = Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    /** The last label of an address of IPv4, in each spelling that some resolver takes for one. */
    private static final Pattern NUMBER_AT_THE_END = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)");

    /** Returns whether a text is a name of labels, and no address in disguise. */
    static boolean isName(String host) {
        return host.length() <= LONGEST
                && LABELS.matcher(host).matches()
                && !NUMBER_AT_THE_END.matcher(host).matches();
    }

    /** Reads {@code name} or {@code *.name}; the caller has checked the name. */
    static HostName of(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        return host.startsWith("*.") ? new HostName(host.substring(2), true) : new HostName(host, false);
    }

    /** Returns whether a host, in lower case, is meant. */
    boolean matches(String host) {
        return below ? host.endsWith("." + name) : host.equals(name);
    }
}

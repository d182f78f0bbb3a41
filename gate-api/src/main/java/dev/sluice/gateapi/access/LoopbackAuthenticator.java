package dev.sluice.gateapi.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets programs of this machine in. A browser is one too, and so is a reverse proxy: the request must name this machine
 * as its host (or a foreign page could reach it by rebinding its DNS name), must not come from a page of another origin,
 * and must not have been forwarded.
 */
final class LoopbackAuthenticator {
    private static final Pattern LITERAL = Pattern.compile("127(\\.[0-9]{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*");
    private static final Principal LOCAL = new Principal(
            "local",
            "local",
            "default",
            EnumSet.of(
                    Verb.RECEIVE,
                    Verb.CORRECT,
                    Verb.EVALUATE,
                    Verb.READ,
                    Verb.READ_AUDIT,
                    Verb.MANAGE_FREEZE,
                    Verb.EDIT_POLICY,
                    Verb.ACTIVATE_POLICY,
                    Verb.OVERRIDE,
                    Verb.APPROVE,
                    Verb.TRIGGER_ROLLBACK,
                    Verb.MANAGE_ENDPOINTS,
                    Verb.OPERATE,
                    Verb.ADMIN));

    /** Returns who asks. */
    Principal authenticate(HttpServletRequest request) throws RefusedException {
        if (!isLoopback(request.getRemoteAddr())) {
            throw new RefusedException("remote", "without a token file only this machine may call");
        }
        if (request.getHeader("Forwarded") != null || request.getHeader("X-Forwarded-For") != null) {
            throw new RefusedException("forwarded", "without a token file no request may be forwarded");
        }
        List<String> hosts = Collections.list(request.getHeaders("Host"));
        if (hosts.size() != 1 || !isLoopback(hostOf("http://" + hosts.get(0)))) {
            throw new RefusedException("host", "without a token file the host must be named localhost or 127.0.0.1");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !isLoopback(hostOf(origin))) {
            throw new RefusedException("origin", "without a token file no page of another origin may call");
        }
        return LOCAL;
    }

    private static @Nullable String hostOf(String origin) {
        try {
            return new URI(origin).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Never asks a name server: only literal addresses and {@code localhost}. */
    static boolean isLoopback(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        if (name.equals("localhost")) {
            return true;
        }
        if (!LITERAL.matcher(name).matches()) {
            return false;
        }
        try {
            return InetAddress.getByName(name).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

package dev.sluice.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * TCP ports of 127.0.0.1 that nothing listens on.
 *
 * <p>Ports are taken from a range below the ones that the system hands to outgoing connections (32768 on Linux, 49152
 * on macOS). A server that stops and starts again on its port therefore does not find a client's socket there.
 */
public final class FreePorts {
    private static final int LOWEST = 20_000;
    private static final int COUNT = 12_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /**
     * A free port, never the same twice in one JVM.
     *
     * @throws IllegalStateException if the range is exhausted
     */
    public static int pick() {
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = LOWEST + (start + i) % COUNT;
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port between %d and %d on 127.0.0.1".formatted(LOWEST, LOWEST + COUNT - 1));
    }

    /**
     * Returns normally if nothing listens on the port.
     *
     * @param port 1 to 65535
     * @param what what needs the port, for the message, such as "the Kafka broker"
     * @throws PortTakenException if something does
     */
    public static void requireFree(int port, String what) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of %s must be 1 to 65535, is %d".formatted(what, port));
        }
        try {
            bindBriefly(port);
        } catch (IOException e) {
            throw new PortTakenException(port, what, e);
        }
    }

    /** The port itself after {@link #requireFree}, or a free one if it is 0. */
    static int resolve(int port, String what) {
        if (port == 0) {
            return pick();
        }
        requireFree(port, what);
        return port;
    }

    static int requirePortOrZero(int port, String name) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("%s must be 0 to 65535, is %d".formatted(name, port));
        }
        return port;
    }

    private static boolean isFree(int port) {
        try {
            bindBriefly(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void bindBriefly(int port) throws IOException {
        try (var socket = new ServerSocket()) {
            // connections of the server that stopped may linger in TIME_WAIT: they do not take the port
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }
}

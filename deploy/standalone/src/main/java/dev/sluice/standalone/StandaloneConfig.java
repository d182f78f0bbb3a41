package dev.sluice.standalone;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * How Sluice runs on this machine.
 *
 * @param data the directory that holds everything
 * @param httpPort the port of the gate API on 127.0.0.1; 0 for a free one
 * @param servers what runs already and is used
 * @param environment the environment variables, for the gate API
 */
record StandaloneConfig(Path data, int httpPort, OtherServers servers, Map<String, String> environment) {
    static final int DEFAULT_HTTP_PORT = 8080;
    /** Environment variable: {@link #httpPort} where no option says it. */
    static final String HTTP_PORT = "SLUICE_HTTP_PORT";

    private static final int HIGHEST_PORT = 65_535;

    StandaloneConfig {
        requireNonNull(data, "data");
        requireNonNull(servers, "servers");
        if (httpPort < 0 || httpPort > HIGHEST_PORT) {
            throw new IllegalArgumentException("the port must be between 0 and 65535: " + httpPort);
        }
        environment = Map.copyOf(environment);
    }

    /**
     * Reads the options {@code --data DIR} and {@code --port PORT}.
     *
     * @throws IllegalArgumentException if there are others, or their values or the environment's are wrong
     */
    static StandaloneConfig of(List<String> arguments, Map<String, String> environment) {
        Path data = Path.of(".data");
        String port = environment.getOrDefault(HTTP_PORT, Integer.toString(DEFAULT_HTTP_PORT));
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.remove();
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (!option.equals("--data") && !option.equals("--port")) {
                throw new IllegalArgumentException("unknown option: " + argument);
            }
            String value = equals < 0 ? rest.poll() : argument.substring(equals + 1);
            if (value == null || value.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            if (option.equals("--data")) {
                data = Path.of(value);
            } else {
                port = value;
            }
        }
        return new StandaloneConfig(
                data.toAbsolutePath().normalize(), parsed(port), OtherServers.of(environment), environment);
    }

    private static int parsed(String port) {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the port is not a number: " + port, e);
        }
    }
}

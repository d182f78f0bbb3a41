package dev.sluice.standalone;

import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.PortTakenException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** The ports of the inner servers: chosen freely at the first start, and again the same later unless they are taken. */
final class RememberedPorts {
    private static final int HIGHEST_PORT = 65_535;

    private final Path file;
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();

    RememberedPorts(Path file) {
        this.file = file;
        if (!Files.isRegularFile(file)) {
            return;
        }
        var written = new Properties();
        try {
            written.load(new StringReader(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String server : written.stringPropertyNames()) {
            String port = written.getProperty(server);
            if (port.matches("[1-9]\\d{0,4}") && Integer.parseInt(port) <= HIGHEST_PORT) {
                ports.put(server, Integer.valueOf(port));
            }
        }
    }

    /** Starts a server on its port of the last time, or on another if that is taken. */
    <T> T start(String server, IntFunction<T> starter) {
        Integer remembered = ports.get(server);
        try {
            return keep(server, remembered == null ? FreePorts.pick() : remembered, starter);
        } catch (PortTakenException e) {
            return keep(server, FreePorts.pick(), starter);
        }
    }

    private <T> T keep(String server, int port, IntFunction<T> starter) {
        T started = starter.apply(port);
        ports.put(server, port);
        return started;
    }

    /** Writes down the ports that were used. */
    void save() {
        var text = new StringBuilder();
        new TreeMap<>(ports)
                .forEach((server, port) ->
                        text.append(server).append('=').append(port).append('\n'));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

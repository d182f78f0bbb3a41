package dev.sluice.embedded;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a {@link ClickHouseServer} runs.
 *
 * @param directory holds the data, the configuration files and the logs; created if absent
 * @param httpPort port of the HTTP interface on 127.0.0.1, or 0 for a free one, chosen anew at each start
 * @param tcpPort port of the native protocol on 127.0.0.1, or 0 for a free one, chosen anew at each start
 * @param memoryLimitBytes memory of the whole engine, 256 MiB or more; a query that needs more fails
 * @param password of the user {@link ClickHouseServer#OWNER}, the only one that then may do anything but read; null to
 *     let {@link ClickHouseServer#DEFAULT_USER} do everything without a password
 * @param readerPassword of the user {@link ClickHouseServer#READER}, which may only select from the databases {@code sluice} and
 *     {@code dash}; null for no such user
 * @param engine what is run; null for the library that {@link ClickHouseLibrary} finds or installs
 * @param startLimit how long a start may take, without the installation of the library
 */
public record ClickHouseConfig(
        Path directory,
        int httpPort,
        int tcpPort,
        long memoryLimitBytes,
        @Nullable String password,
        @Nullable String readerPassword,
        @Nullable ClickHouseEngine engine,
        Duration startLimit) {
    private static final long MIB = 1L << 20;
    private static final long DEFAULT_MEMORY_LIMIT_BYTES = 1536 * MIB;
    private static final long SMALLEST_MEMORY_LIMIT_BYTES = 256 * MIB;

    public ClickHouseConfig {
        directory = directory.toAbsolutePath().normalize();
        FreePorts.requirePortOrZero(httpPort, "httpPort");
        FreePorts.requirePortOrZero(tcpPort, "tcpPort");
        if (httpPort != 0 && httpPort == tcpPort) {
            throw new IllegalArgumentException("httpPort and tcpPort must differ, are both " + httpPort);
        }
        if (memoryLimitBytes < SMALLEST_MEMORY_LIMIT_BYTES) {
            throw new IllegalArgumentException("memoryLimitBytes must be at least %d, is %d"
                    .formatted(SMALLEST_MEMORY_LIMIT_BYTES, memoryLimitBytes));
        }
        requireNotEmpty(password, "password");
        requireNotEmpty(readerPassword, "readerPassword");
        if (startLimit.isNegative() || startLimit.isZero()) {
            throw new IllegalArgumentException("startLimit must be positive, is " + startLimit);
        }
    }

    /** The defaults: free ports, 1.5 GiB, no password, no reader, the installed library, 60 s to start. */
    public static ClickHouseConfig in(Path directory) {
        return new ClickHouseConfig(
                directory, 0, 0, DEFAULT_MEMORY_LIMIT_BYTES, null, null, null, Duration.ofSeconds(60));
    }

    /** The same on other ports. */
    public ClickHouseConfig withPorts(int newHttpPort, int newTcpPort) {
        return new ClickHouseConfig(
                directory, newHttpPort, newTcpPort, memoryLimitBytes, password, readerPassword, engine, startLimit);
    }

    /** The same with another memory limit in bytes. */
    public ClickHouseConfig withMemoryLimitBytes(long newMemoryLimitBytes) {
        return new ClickHouseConfig(
                directory, httpPort, tcpPort, newMemoryLimitBytes, password, readerPassword, engine, startLimit);
    }

    /** The same with a password. */
    public ClickHouseConfig withPassword(String newPassword) {
        return new ClickHouseConfig(
                directory, httpPort, tcpPort, memoryLimitBytes, newPassword, readerPassword, engine, startLimit);
    }

    /** The same with the user {@link ClickHouseServer#READER}. */
    public ClickHouseConfig withReaderPassword(String newReaderPassword) {
        return new ClickHouseConfig(
                directory, httpPort, tcpPort, memoryLimitBytes, password, newReaderPassword, engine, startLimit);
    }

    /** The same with another engine. */
    public ClickHouseConfig withEngine(ClickHouseEngine newEngine) {
        return new ClickHouseConfig(
                directory, httpPort, tcpPort, memoryLimitBytes, password, readerPassword, newEngine, startLimit);
    }

    private static void requireNotEmpty(@Nullable String text, String name) {
        if (text != null && text.isEmpty()) {
            throw new IllegalArgumentException(name + " must not be empty; leave it out for none");
        }
    }

    /** Everything but the passwords. */
    @Override
    public String toString() {
        return "ClickHouseConfig[directory=%s, httpPort=%d, tcpPort=%d, memoryLimitBytes=%d, engine=%s, startLimit=%s]"
                .formatted(directory, httpPort, tcpPort, memoryLimitBytes, engine, startLimit);
    }
}

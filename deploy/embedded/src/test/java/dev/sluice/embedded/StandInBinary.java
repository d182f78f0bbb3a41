package dev.sluice.embedded;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A real ClickHouse behind the command line of a {@code clickhouse} binary: an executable script that writes down how it
 * was called, tells a version, and becomes the engine's library with the configuration that it is given.
 *
 * <p>Like the binary it does not read its input and stops at SIGTERM.
 */
public final class StandInBinary {
    private static final String CONFIG_ARGUMENT = "--config-file=";

    private StandInBinary() {}

    /** Writes an executable {@code clickhouse} into a directory; its calls go to {@code calls} beside it. */
    public static Path write(Path directory, String version) throws IOException {
        Path calls = directory.resolve("calls");
        String classPath = String.join(
                File.pathSeparator,
                codeSource(StandInBinary.class),
                codeSource(ClickHouseMain.class),
                codeSource(Native.class));
        return script(directory.resolve("clickhouse"), """
                #!/bin/sh
                if [ "$*" = 'server --version' ]; then
                  printf '%%s\\n' "$*" >>'%1$s'
                  echo 'ClickHouse server version %2$s (official build).'
                  exit
                fi
                printf '%%s watchdog=%%s\\n' "$*" "${CLICKHOUSE_WATCHDOG_ENABLE:-}" >>'%1$s'
                CLASSPATH='%3$s' exec '%4$s' -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \\
                  %5$s '%6$s' "$@"
                """.formatted(
                        calls,
                        version,
                        classPath,
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        StandInBinary.class.getName(),
                        ClickHouseLibrary.locate(line -> {})));
    }

    /** Writes an executable script. */
    static Path script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Returns how a script of {@link #write} was called, one line a call. */
    public static List<String> calls(Path binary) throws IOException {
        return Files.readAllLines(binary.resolveSibling("calls"));
    }

    /** Runs the engine: {@code library server --config-file=FILE}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 3 || !arguments[1].equals("server") || !arguments[2].startsWith(CONFIG_ARGUMENT)) {
            System.err.println("unknown arguments: " + List.of(arguments));
            System.exit(1);
        }
        neverEndInput();
        Path config = Path.of(arguments[2].substring(CONFIG_ARGUMENT.length()));
        ClickHouseMain.main(new String[] {
            arguments[0],
            config.toString(),
            config.resolveSibling("stand-in.lock").toString()
        });
    }

    /** The library stops when its input ends. */
    private static void neverEndInput() {
        NativeLibrary libc = NativeLibrary.getInstance("c");
        var ends = new Memory(2L * Integer.BYTES);
        libc.getFunction("pipe").invokeInt(new Object[] {ends});
        libc.getFunction("dup2").invokeInt(new Object[] {ends.getInt(0), 0});
    }

    private static String codeSource(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}

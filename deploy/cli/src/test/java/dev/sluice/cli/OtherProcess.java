package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that has a data directory as a running Sluice has it; it ends when its input does. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final Path data;

    private OtherProcess(Process process, Path data) {
        this.process = process;
        this.data = data;
    }

    static OtherProcess on(Path data) throws IOException, URISyntaxException {
        URI classes = OtherProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of(classes).toString(),
                        Holder.class.getName(),
                        data.resolve("sluice.pid").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var other = new OtherProcess(process, data);
        assertThat(process.getInputStream().read())
                .as("the other process has the lock")
                .isEqualTo('l');
        return other;
    }

    long pid() {
        return process.pid();
    }

    /** Says that it answers at a URL. */
    void ready(String url) throws IOException {
        Files.writeString(data.resolve("endpoints.json"), "{\"pid\":%d,\"url\":\"%s\"}".formatted(pid(), url));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** What runs there. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (var channel = FileChannel.open(
                            Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                channel.write(
                        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                System.out.print(lock.isValid() ? 'l' : 'x');
                System.out.flush();
                while (System.in.read() >= 0) {
                    // until the other end closes
                }
            }
        }
    }
}

package dev.sluice.gateapi.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server on this machine that answers byte by byte what a test says, right or wrong. */
final class RawServer implements AutoCloseable {
    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    private RawServer(ServerSocket listening) {
        this.listening = listening;
    }

    /** Answers a request. */
    interface Answering {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    static RawServer answering(String answer) {
        return answering(out -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static RawServer answering(Answering answering) {
        return at("127.0.0.1", 0, null, answering);
    }

    /** Starts a server; with a context it speaks TLS. */
    static RawServer at(String address, int port, @Nullable SSLContext tls, Answering answering) {
        try {
            ServerSocketFactory sockets = tls == null ? ServerSocketFactory.getDefault() : tls.getServerSocketFactory();
            ServerSocket listening = sockets.createServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            var server = new RawServer(listening);
            server.threads.execute(() -> server.accept(answering));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(Answering answering) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                threads.execute(() -> handle(socket, answering));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void handle(Socket socket, Answering answering) {
        try (socket) {
            requests.add(head(socket.getInputStream()));
            answering.answer(socket.getOutputStream());
        } catch (IOException e) {
            hungUp.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads to the empty line. */
    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Returns the heads of the requests that have come. */
    List<String> requests() {
        return requests;
    }

    /** Counted down when a client has hung up before all was answered. */
    CountDownLatch hungUp() {
        return hungUp;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}

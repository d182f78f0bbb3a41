package dev.sluice.gateapi.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.config.Problems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundRequestsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HOST = "receiver.example";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final OutboundRequests.Limits LIMITS =
            new OutboundRequests.Limits(Duration.ofSeconds(1), Duration.ofSeconds(2));

    @Test
    void sendsWhatItIsGiven_andNothingOfItsOwn() throws Exception {
        try (RawServer server = RawServer.answering(OK);
                OutboundRequests requests = requests("http", server.port())) {
            OutboundAnswer answer = requests.send(new OutboundRequest(
                            "POST",
                            url("http", server.port(), "/a%20b?t=1"),
                            Map.of("webhook-id", "one", "Content-Type", "application/json"),
                            bytes("{}")))
                    .get();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("ok");
            assertThat(server.requests()).singleElement().asString().startsWith("POST /a%20b?t=1 HTTP/1.1\r\n");
            assertThat(server.requests().get(0).lines().skip(1).filter(line -> !line.isEmpty()))
                    .containsExactlyInAnyOrder(
                            "webhook-id: one",
                            "Content-Type: application/json",
                            "Content-Length: 2",
                            "Host: receiver.example:" + server.port(),
                            "Connection: keep-alive",
                            "User-Agent: sluice");
        }
    }

    @Test
    void aPostOfNothingSaysThatItHasNoBody() throws Exception {
        try (RawServer server = RawServer.answering(OK);
                OutboundRequests requests = requests("http", server.port())) {
            requests.send(new OutboundRequest("POST", url("http", server.port(), "/retry"), Map.of(), new byte[0]))
                    .get();

            assertThat(server.requests()).singleElement().asString().contains("\r\nContent-Length: 0\r\n");
        }
    }

    @Test
    void whatIsAllowedForATenantIsSentForNoOther() throws Exception {
        try (RawServer server = RawServer.answering(OK);
                OutboundRequests requests = new OutboundRequests(
                        rules("acme=http://receiver.example:" + server.port()),
                        Clock.systemUTC(),
                        OutboundRequestsTest::loopback,
                        trusting(AUTHORITY),
                        LIMITS)) {
            OutboundRequest request = post("http", server.port());

            assertThat(requests.send(request.onBehalfOf("acme")).get().isSuccess())
                    .isTrue();
            assertThat(failure(requests, request.onBehalfOf("other")))
                    .hasMessageStartingWith("the URL must be https, unless");
            assertThat(failure(requests, request)).hasMessageStartingWith("the URL must be https, unless");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsAnAnswer_andNotFollowed(int status) throws Exception {
        try (RawServer inside = RawServer.answering(OK);
                RawServer server =
                        RawServer.answering("HTTP/1.1 " + status + " Elsewhere\r\nLocation: http://127.0.0.1:"
                                + inside.port() + "/latest/meta-data\r\nContent-Length: 0\r\n\r\n");
                OutboundRequests requests = new OutboundRequests(
                        rules("http://receiver.example:" + server.port() + ",http://127.0.0.1:" + inside.port()),
                        Clock.systemUTC(),
                        OutboundRequestsTest::loopback,
                        trusting(AUTHORITY),
                        LIMITS)) {
            OutboundAnswer answer = requests.send(post("http", server.port())).get();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.isSuccess()).isFalse();
            assertThat(server.requests()).hasSize(1);
            assertThat(inside.requests()).isEmpty();
        }
    }

    @Test
    void addressesAreAskedForOnce_soThatASecondAnswerIsOfNoUse() throws Exception {
        var asked = new AtomicInteger();
        try (RawServer first = RawServer.answering(OK);
                RawServer second = RawServer.at("127.0.0.2", first.port(), null, out -> out.write(bytes(OK)));
                OutboundRequests requests = new OutboundRequests(
                        rules("http://receiver.example:" + first.port()),
                        Clock.systemUTC(),
                        host -> addresses(asked.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2"),
                        trusting(AUTHORITY),
                        LIMITS)) {
            requests.send(post("http", first.port())).get();

            assertThat(asked).hasValue(1);
            assertThat(first.requests()).hasSize(1);
            assertThat(second.requests()).isEmpty();
        }
    }

    @Test
    void addressesAreJudgedForEachRequest_andEachOfThem() throws Exception {
        var asked = new AtomicInteger();
        try (RawServer server = RawServer.answering(OK);
                OutboundRequests requests = new OutboundRequests(
                        rules("http://receiver.example:" + server.port()),
                        Clock.systemUTC(),
                        host -> asked.incrementAndGet() == 1
                                ? addresses("127.0.0.1")
                                : addresses("127.0.0.1", "169.254.169.254"),
                        trusting(AUTHORITY),
                        LIMITS)) {
            assertThat(requests.send(post("http", server.port())).get().isSuccess())
                    .isTrue();
            assertThat(failure(requests, post("http", server.port())))
                    .hasMessage("receiver.example has given no answer");
            assertThat(server.requests()).hasSize(1);
        }
    }

    /** The first one is a broadcast address, to which this machine makes no connection; at the others nobody listens. */
    @Test
    void theNextAddressIsTaken_whereOneDoesNotTakeTheConnection() throws Exception {
        try (RawServer server = RawServer.answering(OK);
                OutboundRequests requests = new OutboundRequests(
                        rules("http://receiver.example:" + server.port()),
                        Clock.systemUTC(),
                        host -> addresses("127.255.255.255", "::1", "127.0.0.3", "127.0.0.1"),
                        trusting(AUTHORITY),
                        OutboundRequests.Limits.DEFAULT)) {
            assertThat(requests.send(post("http", server.port())).get().isSuccess())
                    .isTrue();
        }
    }

    @Test
    void anAnswerThatDripsIsGivenUp_andTheConnectionWithIt() throws Exception {
        try (RawServer server =
                        RawServer.answering(out -> drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"));
                OutboundRequests requests = requests("http", server.port())) {
            isGivenUpWithItsConnection(server, requests, "http");
        }
    }

    @Test
    void aHeadThatDripsIsGivenUp_andTheConnectionWithIt() throws Exception {
        try (RawServer server = RawServer.answering(out -> drip(out, "HTTP/1.1 200 OK\r\nX: "));
                OutboundRequests requests = requests("http", server.port())) {
            isGivenUpWithItsConnection(server, requests, "http");
        }
    }

    @Test
    void aServerThatTakesTheConnectionAndSaysNothingIsGivenUp() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                OutboundRequests requests = requests("https", silent.getLocalPort())) {
            long began = System.nanoTime();

            assertThat(failure(requests, post("https", silent.getLocalPort())))
                    .hasMessage("receiver.example has given no answer");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(LIMITS.whole(), LIMITS.whole().multipliedBy(3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Connection: close", "Content-Length: 999999999999"})
    void aBodyThatDoesNotEndIsNotRead(String framing) throws Exception {
        try (RawServer server = RawServer.answering(out -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n"));
                    byte[] part = bytes(
                            framing.contains("chunked") ? "400\r\n" + "x".repeat(1024) + "\r\n" : "x".repeat(1024));
                    while (!Thread.currentThread().isInterrupted()) {
                        out.write(part);
                    }
                });
                OutboundRequests requests = requests("http", server.port())) {
            assertThat(failure(requests, post("http", server.port())))
                    .hasMessage("receiver.example has given no answer");
            assertThat(server.hungUp().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aBodyOfTheLimitIsRead_andOneByteMoreIsNot() throws Exception {
        for (int length : new int[] {64 << 10, (64 << 10) + 1}) {
            try (RawServer server = RawServer.answering(
                            "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));
                    OutboundRequests requests = requests("http", server.port())) {
                if (length == 64 << 10) {
                    assertThat(requests.send(post("http", server.port())).get().body())
                            .hasSize(length);
                } else {
                    assertThat(failure(requests, post("http", server.port())).isRefused())
                            .isFalse();
                }
            }
        }
    }

    @Test
    void aRequestMayTakeMore_upToItsOwnLimit() throws Exception {
        int most = OutboundRequest.MOST_BYTES;
        for (int length : new int[] {most, most + 1}) {
            try (RawServer server = RawServer.answering(
                            "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length));
                    OutboundRequests requests = requests("http", server.port())) {
                var request =
                        new OutboundRequest("GET", url("http", server.port(), "/list"), Map.of(), new byte[0], most);
                if (length == most) {
                    assertThat(requests.send(request).get().body()).hasSize(length);
                } else {
                    assertThat(failure(requests, request)).hasMessage("receiver.example has given no answer");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, OutboundRequest.MOST_BYTES + 1})
    void noRequestTakesMoreThanFourMebibytes_orNothing(int bytes) {
        assertThatThrownBy(() -> new OutboundRequest(
                        "GET", URI.create("https://receiver.example/"), Map.of(), new byte[0], bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mostBytes");
    }

    @Test
    void aBombIsNotUnpacked() throws Exception {
        var bomb = new ByteArrayOutputStream();
        try (var packing = new GZIPOutputStream(bomb)) {
            packing.write(new byte[30 << 20]);
        }
        try (RawServer server = RawServer.answering(out -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.size()
                            + "\r\n\r\n"));
                    out.write(bomb.toByteArray());
                });
                OutboundRequests requests = requests("http", server.port())) {
            OutboundAnswer answer = requests.send(post("http", server.port())).get();

            assertThat(answer.body()).isEqualTo(bomb.toByteArray()).hasSizeLessThan(64 << 10);
        }
    }

    @Test
    void aFloodOfInformationalAnswersIsGivenUp() throws Exception {
        try (RawServer server = RawServer.answering(out -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        out.write(bytes("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));
                    }
                });
                OutboundRequests requests = requests("http", server.port())) {
            long began = System.nanoTime();

            assertThat(failure(requests, post("http", server.port())))
                    .hasMessage("receiver.example has given no answer");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMITS.whole());
            assertThat(server.hungUp().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aCertificateOfATrustedAuthorityIsTaken() throws Exception {
        assertThat(tlsAnswer(leaf().signedBy(AUTHORITY).build())).isEqualTo("200");
    }

    @Test
    void aCertificateOfAnAuthorityOfTheFileIsTaken_andOfNoOther(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("ca.pem"),
                new HeldCertificate.Builder().certificateAuthority(0).build().certificatePem()
                        + AUTHORITY.certificatePem());
        var problems = new Problems();
        SSLContext trusted = EgressAuthorities.read(file, problems).context();

        assertThat(problems.all()).isEmpty();
        assertThat(tlsAnswer(leaf().signedBy(AUTHORITY).build(), trusted)).isEqualTo("200");
        assertThat(tlsAnswer(leaf().build(), trusted)).isEqualTo("receiver.example has given no answer");
        assertThat(tlsAnswer(
                        leaf().signedBy(AUTHORITY).build(),
                        EgressAuthorities.ofJava().context()))
                .isEqualTo("receiver.example has given no answer");
    }

    @Test
    void theFileOfAuthoritiesIsBesideThoseOfJava(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), AUTHORITY.certificatePem());

        assertThat(EgressAuthorities.read(file, new Problems()).authorities())
                .hasSize(EgressAuthorities.ofJava().authorities().size() + 1)
                .containsAll(EgressAuthorities.ofJava().authorities())
                .contains(AUTHORITY.certificate());
    }

    @Test
    void aFileWithoutCertificatesIsAProblem(@TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path other = Files.writeString(directory.resolve("other.pem"), AUTHORITY.privateKeyPkcs8Pem());
        Path absent = directory.resolve("absent.pem");
        var problems = new Problems();
        for (Path file : List.of(empty, other, absent)) {
            EgressAuthorities.read(file, problems);
        }

        assertThat(problems.all())
                .containsExactly(
                        "SLUICE_EGRESS_CA_FILE has no certificate: " + empty,
                        "SLUICE_EGRESS_CA_FILE must have certificates in PEM: " + other,
                        "SLUICE_EGRESS_CA_FILE cannot be read: " + absent);
    }

    @Test
    void aCertificateThatIsSignedByItselfIsNot() throws Exception {
        assertThat(tlsAnswer(leaf().build())).isEqualTo("receiver.example has given no answer");
    }

    @Test
    void norOneThatHasExpired() throws Exception {
        long now = System.currentTimeMillis();
        assertThat(tlsAnswer(leaf().signedBy(AUTHORITY)
                        .validityInterval(
                                now - Duration.ofDays(2).toMillis(),
                                now - Duration.ofDays(1).toMillis())
                        .build()))
                .isEqualTo("receiver.example has given no answer");
    }

    @Test
    void norOneOfAnotherHost() throws Exception {
        assertThat(tlsAnswer(new HeldCertificate.Builder()
                        .addSubjectAlternativeName("other.example")
                        .signedBy(AUTHORITY)
                        .build()))
                .isEqualTo("receiver.example has given no answer");
    }

    @Test
    void whateverIsWrongOnTheNetwork_theWordsAreTheSame_andNoSecretIsInThem() throws Exception {
        int closed = closedPort();
        try (RawServer garbage = RawServer.answering("SSH-2.0-OpenSSH_9.6\r\n");
                RawServer hangsUp = RawServer.answering("");
                OutboundRequests unknown = new OutboundRequests(
                        rules("http://receiver.example:" + closed),
                        Clock.systemUTC(),
                        host -> {
                            throw new UnknownHostException(host);
                        },
                        trusting(AUTHORITY),
                        LIMITS);
                OutboundRequests inside = outside("10.0.0.1");
                OutboundRequests refusing = requests("http", closed);
                OutboundRequests speaking = requests("http", garbage.port());
                OutboundRequests hanging = requests("http", hangsUp.port())) {
            List<EgressException> failures = List.of(
                    failure(unknown, secret("http", closed)),
                    failure(inside, secret("https", 443)),
                    failure(refusing, secret("http", closed)),
                    failure(speaking, secret("http", garbage.port())),
                    failure(hanging, secret("http", hangsUp.port())));

            assertThat(failures)
                    .allSatisfy(each -> assertThat(each)
                            .hasMessage("receiver.example has given no answer")
                            .hasNoCause());
        }
    }

    @Test
    void aUrlThatIsRefusedIsNotLookedFor() {
        var asked = new AtomicInteger();
        try (var requests = new OutboundRequests(
                rules(""),
                Clock.systemUTC(),
                host -> {
                    asked.incrementAndGet();
                    return loopback(host);
                },
                trusting(AUTHORITY),
                LIMITS)) {
            EgressException refused = failure(requests, post(URI.create("https://receiver.example:9092/secret")));

            assertThat(refused.isRefused()).isTrue();
            assertThat(refused).hasMessageStartingWith("the URL must have port 443, or none");
            assertThat(asked).hasValue(0);
        }
    }

    @Test
    void aProxyOfTheEnvironmentIsNotUsed() throws Exception {
        try (RawServer proxy = RawServer.answering(OK);
                RawServer server = RawServer.answering(OK)) {
            System.setProperty("http.proxyHost", "127.0.0.1");
            System.setProperty("http.proxyPort", Integer.toString(proxy.port()));
            try (OutboundRequests requests = requests("http", server.port())) {
                requests.send(post("http", server.port())).get();
            } finally {
                System.clearProperty("http.proxyHost");
                System.clearProperty("http.proxyPort");
            }
            assertThat(server.requests()).hasSize(1);
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @Test
    void aRequestMayBeGivenUpSooner_andItsConnectionWithIt() throws Exception {
        try (RawServer server =
                        RawServer.answering(out -> drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"));
                var requests = new OutboundRequests(
                        rules("http://receiver.example:" + server.port()),
                        Clock.systemUTC(),
                        OutboundRequestsTest::loopback,
                        trusting(AUTHORITY),
                        new OutboundRequests.Limits(LIMITS.connect(), Duration.ofMinutes(1)))) {
            long began = System.nanoTime();

            assertThat(failure(requests, post("http", server.port()).within(Duration.ofMillis(300))))
                    .hasMessage("receiver.example has given no answer");
            assertThat(server.hungUp().await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void noRequestMayTakeLongerThanAny() throws Exception {
        try (RawServer server =
                        RawServer.answering(out -> drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"));
                OutboundRequests requests = requests("http", server.port())) {
            assertThat(failure(requests, post("http", server.port()).within(Duration.ofHours(1))))
                    .hasMessage("receiver.example has given no answer");
        }
    }

    @Test
    void theConnectionIsGivenUpThoughWhoAskedHasGivenUpBefore() throws Exception {
        try (RawServer server =
                        RawServer.answering(out -> drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"));
                OutboundRequests requests = requests("http", server.port())) {
            assertThat(requests.send(post("http", server.port()))
                            .orTimeout(50, TimeUnit.MILLISECONDS)
                            .handle((answer, failure) -> failure instanceof TimeoutException)
                            .get())
                    .isTrue();

            assertThat(server.hungUp().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void namesOfATenantThatHangHoldUpNoOtherTenant() throws Exception {
        var released = new CountDownLatch(1);
        try (RawServer server = RawServer.answering(OK);
                var requests = new OutboundRequests(
                        rules("http://receiver.example:" + server.port()),
                        Clock.systemUTC(),
                        host -> host.equals(HOST) ? loopback(host) : hanging(released),
                        trusting(AUTHORITY),
                        LIMITS)) {
            for (int i = 0; i < 64; i++) {
                var unused = requests.send(
                        post(URI.create("https://hangs-" + i + ".example/")).onBehalfOf("acme"));
            }

            assertThat(requests.send(post("http", server.port()).onBehalfOf("other"))
                            .get()
                            .isSuccess())
                    .isTrue();
            released.countDown();
        }
    }

    private static List<InetAddress> hanging(CountDownLatch released) throws UnknownHostException {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException("after a long time");
    }

    @Test
    void whatFollowsAnAnswerMayTakeAWhile_andHoldsUpNoOther() throws Exception {
        var attached = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        try (RawServer server = RawServer.answering(out -> {
                    attached.await();
                    out.write(bytes(OK));
                });
                OutboundRequests requests = requests("http", server.port())) {
            var following = requests.send(post("http", server.port())).thenApply(answer -> {
                try {
                    return over.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            attached.countDown();

            assertThat(requests.send(post("http", server.port())).get().isSuccess())
                    .isTrue();
            assertThat(following).isNotDone();
            over.countDown();
            assertThat(following.get()).isTrue();
        }
    }

    @Test
    void whoGivesUpALargeAnswerKeepsNoRoomForIt() throws Exception {
        try (RawServer server =
                        RawServer.answering(out -> drip(out, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"));
                OutboundRequests requests = requests("http", server.port())) {
            OutboundRequest large = large(server.port()).within(Duration.ofMillis(300));
            for (int i = 0; i < 8; i++) {
                assertThat(requests.send(large).cancel(false)).isTrue();
            }
            assertThat(failure(requests, large)).hasMessage("too many requests are under way");

            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            String told = "";
            while (!told.equals("receiver.example has given no answer") && System.nanoTime() < until) {
                told = String.valueOf(failure(requests, large).getMessage());
            }
            assertThat(told).isEqualTo("receiver.example has given no answer");
        }
    }

    @Test
    void whereTooManyLargeAnswersAreUnderWay_aRequestForOneIsNotSent_untilTheyAreOver() throws Exception {
        var released = new CountDownLatch(1);
        try (RawServer server = RawServer.answering(out -> {
                    released.await();
                    out.write(bytes(OK));
                });
                OutboundRequests requests = requests("http", server.port())) {
            OutboundRequest large = large(server.port());
            var underWay = new ArrayList<CompletableFuture<OutboundAnswer>>();
            for (int i = 0; i < 8; i++) {
                underWay.add(requests.send(large));
            }

            assertThat(failure(requests, large)).hasMessage("too many requests are under way");
            released.countDown();
            for (CompletableFuture<OutboundAnswer> one : underWay) {
                assertThat(one.get().isSuccess()).isTrue();
            }
            assertThat(requests.send(large).get().isSuccess()).isTrue();
        }
    }

    @Test
    void noCookieIsKept() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 204 None\r\nSet-Cookie: a=b\r\n\r\n");
                OutboundRequests requests = requests("http", server.port())) {
            requests.send(post("http", server.port())).get();
            requests.send(post("http", server.port())).get();

            assertThat(server.requests()).hasSize(2).noneMatch(head -> head.contains("a=b"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "120,                           PT2M",
        "0,                             PT0S",
        "'Sun, 01 Mar 2026 12:00:30 GMT', PT30S",
        "'Sun, 01 Mar 2026 11:00:00 GMT', PT0S",
        "soon,                          ",
        "-1,                            ",
        "99999999999999999999,          "
    })
    void tellsWhenToTryAgain(String header, Duration expected) throws Exception {
        try (RawServer server = RawServer.answering(
                        "HTTP/1.1 503 Later\r\nRetry-After: " + header + "\r\nContent-Length: 0\r\n\r\n");
                OutboundRequests requests = requests("http", server.port())) {
            OutboundAnswer answer = requests.send(post("http", server.port())).get();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.retryAfter().orElse(null)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-A,           'a\r\nX-B: b'",
        "X-A,           'a\nb'",
        "X-A,           'a\u0000'",
        "X-A,           'a\u010ab'",
        "'X-A\r\nX-B',  a",
        "'X A',         a",
        "Host,          evil.example",
        "content-length, 0",
        "Transfer-Encoding, chunked"
    })
    void aHeaderThatEndsALine_orIsTheClientsOwn_isNotTaken(String name, String value) {
        assertThatThrownBy(() -> new OutboundRequest("POST", url("https", 443, "/"), Map.of(name, value), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this header cannot be sent: ")
                .hasMessageNotContaining("evil");
    }

    @Test
    void textsHaveNoSecret() {
        assertThat(secret("https", 443).toString()).contains("receiver.example").doesNotContain("hush");
        assertThat(new OutboundAnswer(200, Optional.empty(), bytes("hush")).toString())
                .doesNotContain("hush");
    }

    private static void isGivenUpWithItsConnection(RawServer server, OutboundRequests requests, String scheme)
            throws InterruptedException {
        long began = System.nanoTime();

        assertThat(failure(requests, post(scheme, server.port()))).hasMessage("receiver.example has given no answer");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(LIMITS.whole(), LIMITS.whole().multipliedBy(3));
        assertThat(server.hungUp().await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void drip(OutputStream out, String head) throws IOException, InterruptedException {
        out.write(bytes(head));
        while (!Thread.currentThread().isInterrupted()) {
            out.write('x');
            out.flush();
            Thread.sleep(50);
        }
    }

    /** Returns the status, or what is told instead. */
    private static String tlsAnswer(HeldCertificate certificate) throws Exception {
        return tlsAnswer(certificate, trusting(AUTHORITY));
    }

    private static String tlsAnswer(HeldCertificate certificate, SSLContext trusted) throws Exception {
        try (RawServer server = RawServer.at("127.0.0.1", 0, serving(certificate), out -> out.write(bytes(OK)));
                OutboundRequests requests = new OutboundRequests(
                        rules("https://receiver.example:" + server.port()),
                        Clock.systemUTC(),
                        OutboundRequestsTest::loopback,
                        trusted,
                        LIMITS)) {
            return requests.send(post("https", server.port()))
                    .handle((answer, failure) -> failure == null
                            ? Integer.toString(answer.status())
                            : String.valueOf(failure.getMessage()).replaceAll(".*: ", ""))
                    .get();
        }
    }

    private static HeldCertificate.Builder leaf() {
        return new HeldCertificate.Builder().addSubjectAlternativeName(HOST);
    }

    private static SSLContext serving(HeldCertificate certificate) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslContext();
    }

    private static SSLContext trusting(HeldCertificate authority) {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslContext();
    }

    private static OutboundRequests requests(String scheme, int port) {
        return new OutboundRequests(
                rules(scheme + "://receiver.example:" + port),
                Clock.fixed(NOW, ZoneOffset.UTC),
                OutboundRequestsTest::loopback,
                trusting(AUTHORITY),
                LIMITS);
    }

    /** One that may send to the public only, to a host that has these addresses. */
    private static OutboundRequests outside(String... addresses) {
        return new OutboundRequests(
                rules(""), Clock.systemUTC(), host -> addresses(addresses), trusting(AUTHORITY), LIMITS);
    }

    private static EgressRules rules(String allow) {
        return EgressRules.read(allow, "", new Problems());
    }

    private static List<InetAddress> loopback(String host) throws UnknownHostException {
        return addresses("127.0.0.1");
    }

    private static List<InetAddress> addresses(String... literals) throws UnknownHostException {
        var addresses = new ArrayList<InetAddress>();
        for (String literal : literals) {
            addresses.add(InetAddress.getByName(literal));
        }
        return addresses;
    }

    private static OutboundRequest post(String scheme, int port) {
        return post(url(scheme, port, "/x"));
    }

    private static OutboundRequest post(URI url) {
        return new OutboundRequest("POST", url, Map.of(), bytes("{}"));
    }

    private static OutboundRequest large(int port) {
        return new OutboundRequest("GET", url("http", port, "/list"), Map.of(), new byte[0], OutboundRequest.MOST_BYTES)
                .onBehalfOf("acme");
    }

    private static OutboundRequest secret(String scheme, int port) {
        return new OutboundRequest(
                "POST", url(scheme, port, "/hush?token=hush"), Map.of("Authorization", "Bearer hush"), bytes("hush"));
    }

    private static URI url(String scheme, int port, String path) {
        return URI.create(scheme + "://" + HOST + ":" + port + path);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static EgressException failure(OutboundRequests requests, OutboundRequest request) {
        try {
            OutboundAnswer answer = requests.send(request).get();
            throw new AssertionError("answered: " + answer);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EgressException failure) {
                return failure;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.sluice.gateapi.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to URLs that others have given, within {@link EgressRules}. The addresses of a host are asked for once for each
 * request; all must be allowed, and only these are connected to. Redirects are not followed, proxies that the environment names
 * are not used, nothing is tried again, no cookies are kept and nothing is unpacked. Certificates are those that {@link EgressAuthorities} trust.
 */
public final class OutboundRequests implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutboundRequests.class);
    /** What follows an answer reads it, and may sign or read a file. */
    private static final int FOLLOWING_AT_ONCE = 4;

    private static final int CONNECTIONS_OF_AN_ADDRESS = 16;
    private static final int CONNECTIONS = 128;
    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_HEADERS = 100;
    private static final int LONGEST_REASON = 300;
    private static final String NOT_VISIBLE = "[^ -~]";

    private final EgressRules rules;
    private final HostAddresses hosts;
    private final Clock clock;
    private final Limits limits;
    private final AnswerRoom room = new AnswerRoom();
    private final Lookups lookups;
    private final ThreadPoolExecutor following;
    private final CloseableHttpAsyncClient client;

    /**
     * Creates a sender, to be shared.
     *
     * @param rules to where it sends
     * @param authorities whose certificates are trusted
     * @param clock for answers that say at what time to try again
     */
    public OutboundRequests(EgressRules rules, EgressAuthorities authorities, Clock clock) {
        this(rules, clock, HostAddresses::bySystem, authorities.context(), Limits.DEFAULT);
    }

    OutboundRequests(EgressRules rules, Clock clock, HostAddresses hosts, SSLContext tls, Limits limits) {
        this.rules = rules;
        this.hosts = hosts;
        this.clock = clock;
        this.limits = limits;
        lookups = new Lookups(daemons("resolving"));
        following = new ThreadPoolExecutor(
                FOLLOWING_AT_ONCE,
                FOLLOWING_AT_ONCE,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                daemons("answered"));
        following.allowCoreThreadTimeOut(true);
        client = client(tls, limits);
        client.start();
    }

    private static CloseableHttpAsyncClient client(SSLContext tls, Limits limits) {
        Timeout whole = Timeout.of(limits.whole());
        var connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setDnsResolver(new NoSecondLook())
                .setTlsStrategy(ClientTlsStrategyBuilder.create()
                        .setSslContext(tls)
                        // left to itself, this version sets that names are compared after the engine has taken its
                        // settings
                        .setHostnameVerifier(HttpsSupport.getDefaultHostnameVerifier())
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .setHandshakeTimeout(whole)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connect()))
                        .setSocketTimeout(whole)
                        .build())
                .setMaxConnPerRoute(CONNECTIONS_OF_AN_ADDRESS)
                .setMaxConnTotal(CONNECTIONS)
                .build();
        return HttpAsyncClients.custom()
                .setConnectionManager(connections)
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setSoTimeout(whole)
                        .build())
                .setThreadFactory(daemons("outbound"))
                .setHttp1Config(Http1Config.custom()
                        .setMaxLineLength(LONGEST_LINE)
                        .setMaxHeaderCount(MOST_HEADERS)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(whole)
                        .setResponseTimeout(whole)
                        .setHardCancellationEnabled(true)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                // a connection is for one request: the next one looks at the addresses again
                .setConnectionReuseStrategy((request, response, context) -> false)
                .addExecInterceptorLast("deadline", new Deadline())
                .setUserAgent("sluice")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    private static ThreadFactory daemons(String name) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "gate-api-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Sends a request. Returns at once. What follows the answer runs on one of a few threads that are there for that: it may take a
     * while, such as to read a large answer, but must not wait for others. When the time of the request is over so is all of it, whatever
     * has become of the future that was returned, but for a lookup of its host.
     *
     * @param request what is sent
     * @return the answer, whatever its status; fails with an {@link EgressException} only
     */
    public CompletableFuture<OutboundAnswer> send(OutboundRequest request) {
        EgressRules own = request.tenant() == null ? rules : rules.of(request.tenant());
        try {
            own.destination(request.url().toString());
        } catch (EgressException e) {
            LOGGER.atInfo()
                    .addKeyValue("host", request.url().getHost())
                    .addKeyValue("port", EgressRules.port(request.url()))
                    .addKeyValue("tenant", request.tenant())
                    .addKeyValue("error", e.getMessage())
                    .log("outbound request refused");
            return CompletableFuture.failedFuture(e);
        }
        if (!room.take(request)) {
            return CompletableFuture.failedFuture(EgressException.busy());
        }
        var exchange = new Exchange();
        CompletableFuture<List<InetAddress>> addresses =
                lookups.begin(request.share(), () -> addresses(request.url(), own));
        return addresses
                .thenCompose(found -> connectToOneOf(found, request, exchange))
                .orTimeout(limit(request).toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> {
                    addresses.cancel(false);
                    exchange.end();
                    return CompletableFuture.failedFuture(noAnswer(request.url(), failure));
                })
                .whenCompleteAsync((answer, failure) -> room.give(request), following)
                // whoever ends the future that is returned does not end the steps before it
                .copy();
    }

    private Duration limit(OutboundRequest request) {
        @Nullable Duration within = request.within();
        return within != null && within.compareTo(limits.whole()) < 0 ? within : limits.whole();
    }

    private List<InetAddress> addresses(URI url, EgressRules own) {
        try {
            String host = url.getHost();
            List<InetAddress> found = hosts.of(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
            for (InetAddress address : found) {
                if (!own.allows(url, address)) {
                    throw new UnknownHostException("an address that is not sent to: " + address.getHostAddress());
                }
            }
            return found;
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    /** Sends to the first address that takes the connection. */
    private CompletableFuture<OutboundAnswer> connectToOneOf(
            List<InetAddress> addresses, OutboundRequest request, Exchange exchange) {
        CompletableFuture<OutboundAnswer> answer = sendTo(addresses.get(0), request, exchange);
        List<InetAddress> others = addresses.subList(1, addresses.size());
        return others.isEmpty()
                ? answer
                : answer.exceptionallyCompose(failure -> !exchange.isConnected() && isOfTheNetwork(failure)
                        ? connectToOneOf(others, request, exchange)
                        : CompletableFuture.failedFuture(failure));
    }

    /** Returns whether another address may do: a refusal, no route, a network that cannot be reached, or no word in time. */
    private static boolean isOfTheNetwork(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof SocketException || cause instanceof ConnectTimeoutException;
    }

    private CompletableFuture<OutboundAnswer> sendTo(InetAddress address, OutboundRequest request, Exchange exchange) {
        URI url = request.url();
        var target = new HttpHost(EgressRules.scheme(url), address, url.getHost(), EgressRules.port(url));
        var answer = new CompletableFuture<OutboundAnswer>();
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(Exchange.ATTRIBUTE, exchange);
        exchange.goesOn(() -> client.execute(
                target,
                producer(request),
                new BoundedAnswer(request.mostBytes(), clock),
                null,
                context,
                new Completion(answer)));
        return answer;
    }

    private static AsyncRequestProducer producer(OutboundRequest request) {
        AsyncRequestBuilder builder =
                AsyncRequestBuilder.create(request.method()).setUri(request.url());
        request.headers().forEach(builder::addHeader);
        if (request.body().length > 0) {
            builder.setEntity(request.body(), null);
        }
        return builder.build();
    }

    /** Logs what has happened, and returns what is told of it. */
    private static EgressException noAnswer(URI url, Throwable failure) {
        LOGGER.atInfo()
                .addKeyValue("host", url.getHost())
                .addKeyValue("port", EgressRules.port(url))
                .addKeyValue("error", reason(cause(failure)))
                .log("outbound request has no answer");
        return EgressException.noAnswer(url.getHost());
    }

    /** Returns a line for the log: what others have written, such as the names in a certificate, does not end it. */
    private static String reason(Throwable cause) {
        boolean isOfTheConnection = cause instanceof BoundedAnswer.UnboundedException
                || cause instanceof SSLException
                || cause instanceof UnknownHostException
                || cause instanceof SocketException;
        String reason = isOfTheConnection
                ? cause.toString().replaceAll(NOT_VISIBLE, "?")
                : cause.getClass().getSimpleName();
        return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
    }

    private static Throwable cause(Throwable failure) {
        @Nullable Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Stops; requests that are under way are given up. */
    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        lookups.close();
        following.shutdown();
    }

    /**
     * How long it may take.
     *
     * @param connect how long it may take to connect to an address
     * @param whole how long it may take from the request to the end of the answer, all addresses included
     */
    record Limits(Duration connect, Duration whole) {
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    /** The client gets addresses, and has none to look for. */
    private static final class NoSecondLook implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException("its addresses are known already");
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            throw new UnknownHostException("its addresses are known already");
        }
    }

    /** What the client does for a request now, and whether the request is over. */
    private static final class Exchange {
        static final String ATTRIBUTE = "sluice.exchange";

        private @Nullable Future<?> current;
        private @Nullable AsyncExecRuntime connection;
        private boolean over;

        synchronized void goesOn(Supplier<Future<?>> next) {
            if (!over) {
                current = next.get();
            }
        }

        /** Returns whether the request may go on, by a connection that was just made. */
        synchronized boolean goesOnBy(AsyncExecRuntime made) {
            connection = made;
            return !over;
        }

        synchronized boolean isConnected() {
            return connection != null;
        }

        /** Ends the request with its connection, which the client may have lost sight of when it is told to cancel. */
        void end() {
            @Nullable Future<?> toCancel;
            @Nullable AsyncExecRuntime toClose;
            synchronized (this) {
                over = true;
                toCancel = current;
                toClose = connection;
            }
            if (toCancel != null) {
                toCancel.cancel(true);
            }
            if (toClose != null) {
                toClose.discardEndpoint();
            }
        }
    }

    /** Tells an exchange of its connection, before anything is sent. */
    private static final class Deadline implements AsyncExecChainHandler {
        @Override
        public void execute(
                HttpRequest request,
                @Nullable AsyncEntityProducer body,
                AsyncExecChain.Scope scope,
                AsyncExecChain chain,
                AsyncExecCallback callback)
                throws HttpException, IOException {
            if (scope.clientContext.getAttribute(Exchange.ATTRIBUTE) instanceof Exchange exchange
                    && exchange.goesOnBy(scope.execRuntime)) {
                chain.proceed(request, body, scope, callback);
            } else {
                callback.failed(new IOException("given up"));
            }
        }
    }

    private record Completion(CompletableFuture<OutboundAnswer> answer) implements FutureCallback<OutboundAnswer> {
        @Override
        public void completed(OutboundAnswer result) {
            answer.complete(result);
        }

        @Override
        public void failed(Exception failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void cancelled() {
            answer.completeExceptionally(new IOException("given up"));
        }
    }
}

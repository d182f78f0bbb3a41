package dev.sluice.benchmarks;

import dev.sluice.benchmarks.HttpConnection.Answer;
import dev.sluice.benchmarks.LoadGenerator.Load;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One gate, the same decisions without a record of them, and a bare handler, loaded in turn: first by a closed loop, which tells what
 * each can do, then by an open loop at half of what the gate can do.
 */
final class GateLoad {
    /** As many as may hold a thread of the gate API at once, less a few: none is ever refused. */
    static final int CONNECTIONS = 20;

    private static final int OK = 200;
    private static final byte[] ALLOWED = "\"allowed\":true".getBytes(StandardCharsets.US_ASCII);

    private final String rules;
    private final LoadGenerator sluice;
    private final LoadGenerator bare;
    private final LoadGenerator unaudited;
    private final int answerBytes;
    private final List<Load> sluiceClosed = new ArrayList<>();
    private final List<Load> bareClosed = new ArrayList<>();
    private final List<Load> unauditedClosed = new ArrayList<>();
    private final List<Double> settled = new ArrayList<>();
    private final List<Load> sluiceHalf = new ArrayList<>();
    private final List<Load> bareHalf = new ArrayList<>();
    private final List<Load> unauditedHalf = new ArrayList<>();

    /**
     * Creates a load.
     *
     * @param gate the gate
     * @param apiPort where the gate API listens
     * @param barePort where the bare handler does
     * @param answerBytes size of an answer
     */
    GateLoad(BenchmarkGate gate, int apiPort, int barePort, int answerBytes) {
        this.rules = gate.rules() + " rules: ";
        this.sluice = asking(apiPort, gate);
        this.bare = generator(barePort, BareServer.APPEND + gate.gateName(), false);
        this.unaudited = generator(barePort, BareServer.DECIDE + gate.gateName(), false);
        this.answerBytes = answerBytes;
    }

    /** Returns what asks a gate of the gate API. */
    static LoadGenerator asking(int apiPort, BenchmarkGate gate) {
        return generator(apiPort, gate.path(), true);
    }

    private static LoadGenerator generator(int port, String path, boolean whole) {
        byte[][] requests = new byte[GateData.SERVICES][];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = HttpConnection.post(path, "application/json", GateData.question(i));
        }
        return new LoadGenerator(port, CONNECTIONS, (connection, index) -> {
            Answer answer = connection.send(requests[(int) (index % requests.length)]);
            return answer.status() == OK && (!whole || answer.contains(ALLOWED)) ? null : answer.text();
        });
    }

    /** Measures, after a warm-up. */
    List<Figure> measure(Scale scale) throws InterruptedException {
        for (LoadGenerator warm : List.of(sluice, bare, unaudited, sluice, bare)) {
            warm.closed(scale.seconds(4));
        }
        Settling.await();
        for (int round = 0; round < scale.times(4); round++) {
            bareClosed.add(bare.closed(scale.seconds(3)).requireRight("the bare handler", scale.tolerated()));
            sluiceClosed.add(sluice.closed(scale.seconds(3)).requireRight("the gate", scale.tolerated()));
            settled.add(Settling.await());
            unauditedClosed.add(
                    unaudited.closed(scale.seconds(3)).requireRight("decisions without audit", scale.tolerated()));
        }
        double half = half();
        for (int round = 0; round < scale.times(3); round++) {
            sluiceHalf.add(
                    sluice.open(half, scale.seconds(4)).requireRight("the gate at half load", scale.tolerated()));
            Settling.await();
            bareHalf.add(bare.open(half, scale.seconds(3))
                    .requireRight("the bare handler at the same load", scale.tolerated()));
            unauditedHalf.add(unaudited
                    .open(half, scale.seconds(3))
                    .requireRight("decisions without audit at the same load", scale.tolerated()));
        }
        return figures(half);
    }

    /** Returns half of what the gate can do, in requests a second; to be asked when it was measured. */
    double half() {
        return Rounds.of(sluiceClosed, Load::perSecond).median() / 2;
    }

    private List<Figure> figures(double half) {
        Rounds sluiceRate = Rounds.of(sluiceClosed, Load::perSecond);
        Rounds bareRate = Rounds.of(bareClosed, Load::perSecond);
        Rounds unauditedRate = Rounds.of(unauditedClosed, Load::perSecond);
        double wrong =
                sluiceClosed.stream().mapToDouble(Load::wrongShare).average().orElseThrow();
        return List.of(
                figure("decisions/s against a bare handler's requests/s", sluiceRate.ratioTo(bareRate), "")
                        .within(Budget.atLeast(0.5)),
                figure("p99 of a decision at half of its load", p99(sluiceHalf), "ms")
                        .within(Budget.atMost(20)),
                figure("p99 of a decision without audit, same rate", p99(unauditedHalf), "ms")
                        .within(Budget.atMost(5)),
                figure(
                        "decisions/s without audit against a bare handler's requests/s",
                        unauditedRate.ratioTo(bareRate),
                        ""),
                figure("decisions, closed loop", sluiceRate.median(), "/s"),
                figure("decisions without audit, closed loop", unauditedRate.median(), "/s"),
                figure("bare handler, closed loop", bareRate.median(), "/s"),
                figure(
                        "CPU of a decision (server and broker)",
                        Rounds.of(sluiceClosed, Load::othersMicros).median(),
                        "µs"),
                figure(
                        "CPU of a decision without audit (server)",
                        Rounds.of(unauditedClosed, Load::othersMicros).median(),
                        "µs"),
                figure(
                        "CPU of a request to the bare handler (server and broker)",
                        Rounds.of(bareClosed, Load::othersMicros).median(),
                        "µs"),
                figure("answers other than allow, closed loop", wrong * 100, "%"),
                figure("half load", half, "/s"),
                figure("p50 of a decision at half load", p50(sluiceHalf), "ms"),
                figure("p99 of the bare handler at the same rate", p99(bareHalf), "ms"),
                figure("p50 of a decision without audit", p50(unauditedHalf), "ms"),
                figure(
                        "after 3 s of decisions, until their log is followed (at most 10 s)",
                        new Rounds(settled).median(),
                        "s"),
                figure("size of an answer", answerBytes, "B"));
    }

    private Figure figure(String name, double value, String unit) {
        return Figure.of(rules + name, value, unit);
    }

    private static double p50(List<Load> loads) {
        return Rounds.of(loads, Load::p50Millis).median();
    }

    private static double p99(List<Load> loads) {
        return Rounds.of(loads, Load::p99Millis).median();
    }
}

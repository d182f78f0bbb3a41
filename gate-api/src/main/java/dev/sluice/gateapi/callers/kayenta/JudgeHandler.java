package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.http.LargeBodies;
import dev.sluice.kayenta.Thresholds;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;

/** Answers a Kayenta that has another server judge, and tells which judges there are. */
final class JudgeHandler {
    private static final int SMALL = 256 << 10;
    private static final int LARGE = 8 << 20;
    private static final int LARGE_AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_PAIRS = 2_000;

    private final Judges judges;
    /** Kayenta asks once; what it asks for at the same time is judged one after the other. */
    private final LargeBodies bodies = new LargeBodies(SMALL, LARGE, LARGE_AT_ONCE, PATIENCE);

    JudgeHandler(Judges judges) {
        this.judges = judges;
    }

    /** Handles {@code POST /judge}. */
    void judge(Context ctx) {
        Reply.at(ctx, () -> {
            Reply.requireJson(ctx);
            try (LargeBodies.Body body = bodies.read(ctx)) {
                return Reply.ok(judge(Members.of(Reply.document(body.bytes()))).json());
            }
        });
    }

    private Judgement judge(Members request) {
        KayentaConfig config = KayentaConfig.read(request.requiredObject("canaryConfig"));
        Thresholds thresholds = thresholds(request.requiredObject("scoreThresholds"));
        List<Members> given = request.objects("metricSetPairList");
        if (given.size() > MOST_PAIRS) {
            throw Members.problem("there are more than " + MOST_PAIRS + " pairs of values");
        }
        return judges.judge(
                config, thresholds, given.stream().map(MetricSetPair::read).toList());
    }

    static Thresholds thresholds(Members thresholds) {
        var read = new Thresholds(thresholds.requiredNumber("pass"), thresholds.requiredNumber("marginal"));
        if (!Double.isFinite(read.pass()) || !Double.isFinite(read.marginal())) {
            throw Members.problem("a threshold must be a finite number");
        }
        return read;
    }

    /** Handles {@code GET /judges}. */
    void list(Context ctx) {
        Reply.at(
                ctx,
                () -> Reply.ok(Judges.names().stream()
                        .map(name -> new Named(name, true))
                        .toList()));
    }

    /**
     * A judge as it is listed.
     *
     * @param name its name
     * @param visible whether a user interface offers it
     */
    record Named(String name, boolean visible) {}
}

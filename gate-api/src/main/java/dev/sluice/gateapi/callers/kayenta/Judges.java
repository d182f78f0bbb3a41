package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.kayenta.JudgeResult;
import dev.sluice.kayenta.MetricResult;
import dev.sluice.kayenta.NetflixAcaJudge;
import dev.sluice.kayenta.Thresholds;
import dev.sluice.kayenta.UnknownMetricException;
import dev.sluice.wire.CanaryConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The judges that a canary config may name: Kayenta's default one, and {@link SluiceJudge}. {@value #REMOTE} is how a Kayenta
 * calls whomever it asks; then {@code judge.judgeConfigurations.judge} names one of these, Kayenta's default one if it is absent.
 */
final class Judges {
    /** The name by which a Kayenta's config says that another server judges. */
    static final String REMOTE = "RemoteJudge-v1.0";

    private static final String CHOICE = "judge";
    /** The same values have the same answer, in every replica. */
    private static final long SEED = 0;

    private final SluiceJudge sluice;

    Judges(CanaryConfigs configs) {
        this.sluice = new SluiceJudge(configs);
    }

    /** Returns the names, the default one first. */
    static List<String> names() {
        return List.of(NetflixAcaJudge.NAME, SluiceJudge.NAME);
    }

    /**
     * Returns normally if the config names a judge, and the judge takes it.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if not
     */
    void check(KayentaConfig config) {
        if (isSluices(config)) {
            sluice.check(config);
        } else if (!config.rules().hasBoundedWeights()) {
            throw Members.problem(
                    "classifier.groupWeights must be from 0 and together at most 100: a canary of which a group fails could pass");
        }
    }

    /**
     * Returns normally if a config may be kept: what Sluice's own judge would refuse in the middle of a rollout it refuses before.
     * The other one's configs may be kept as unfinished as a Kayenta keeps them.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if not
     */
    void checkKept(JsonNode config) {
        if (config.path("judge").path("name").asText().equals(SluiceJudge.NAME)) {
            check(KayentaConfig.read(Members.of(config)));
        }
    }

    /**
     * Judges.
     *
     * @param config what is judged by
     * @param thresholds for the score
     * @param pairs the values
     * @throws dev.sluice.gateapi.http.ApiException 400 if the config names no judge, or does not have the metric of a pair
     */
    Judgement judge(KayentaConfig config, Thresholds thresholds, List<MetricSetPair> pairs) {
        return judge(config, thresholds, pairs, () -> {});
    }

    /**
     * Judges, and may be stopped.
     *
     * @param config what is judged by
     * @param thresholds for the score
     * @param pairs the values
     * @param check ends the judgement by what it throws; run before a pair is judged where the judge allows for it
     * @throws dev.sluice.gateapi.http.ApiException 400 if the config names no judge, or does not have the metric of a pair
     */
    Judgement judge(KayentaConfig config, Thresholds thresholds, List<MetricSetPair> pairs, Runnable check) {
        check(config);
        check.run();
        return isSluices(config)
                ? sluice.judge(config, thresholds, pairs)
                : judgeAsKayenta(config, thresholds, pairs, check);
    }

    /** Returns whether it is Sluice's own judge that a config names. */
    static boolean isSluices(KayentaConfig config) {
        return chosen(config).equals(SluiceJudge.NAME);
    }

    private static String chosen(KayentaConfig config) {
        String name = config.judge().equals(REMOTE)
                ? config.judgeConfigurations().path(CHOICE).asText(NetflixAcaJudge.NAME)
                : config.judge();
        if (!names().contains(name)) {
            throw Members.problem("there is no judge " + name + "; there are " + String.join(", ", names()));
        }
        return name;
    }

    private static Judgement judgeAsKayenta(
            KayentaConfig config, Thresholds thresholds, List<MetricSetPair> pairs, Runnable check) {
        JudgeResult result;
        try {
            result = NetflixAcaJudge.judge(
                    config.rules(),
                    thresholds,
                    pairs.stream().map(MetricSetPair::toDomain).toList(),
                    new Random(SEED),
                    check);
        } catch (UnknownMetricException e) {
            throw Members.problem(String.valueOf(e.getMessage()));
        }
        var metrics = new ArrayList<Judgement.Metric>();
        for (int i = 0; i < pairs.size(); i++) {
            metrics.add(metric(config, pairs.get(i), result.metrics().get(i)));
        }
        List<Judgement.Group> groups = result.groups().stream()
                .map(group -> new Judgement.Group(group.name(), group.score()))
                .toList();
        String reason = result.reason() == null ? "" : result.reason();
        return new Judgement(NetflixAcaJudge.NAME, metrics, groups, result.score(), result.label(), reason);
    }

    private static Judgement.Metric metric(KayentaConfig config, MetricSetPair pair, MetricResult result) {
        KayentaConfig.Metric metric = config.metrics().stream()
                .filter(one -> one.name().equals(pair.name()))
                .findFirst()
                .orElseThrow();
        return new Judgement.Metric(
                pair,
                metric,
                result.finding().label(),
                result.finding().reason(),
                result.finding().ratio(),
                result.finding().critical(),
                result.baseline(),
                result.canary());
    }
}

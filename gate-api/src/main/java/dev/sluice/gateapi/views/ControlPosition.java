package dev.sluice.gateapi.views;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.ReadPosition;
import dev.sluice.wire.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * How far this replica has read what is set up, as {@code 0=17,1=4}: the offset of the newest record of each partition that has one. What was
 * answered by one replica can be seen by another that has read as far.
 */
public final class ControlPosition implements ReadPosition {
    private static final int MOST = 10_000;
    private static final Pattern FORM = Pattern.compile("[0-9]{1,5}=[0-9]{1,18}(,[0-9]{1,5}=[0-9]{1,18})*");

    private final Views views;

    /** Creates the position of a replica's views. */
    public ControlPosition(Views views) {
        this.views = views;
    }

    @Override
    public String now() {
        return views.partitionsOf(Topic.CONTROL).stream()
                .filter(partition -> views.position(partition) >= 0)
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .map(partition -> partition.partition() + "=" + views.position(partition))
                .collect(Collectors.joining(","));
    }

    @Override
    public CompletableFuture<Void> reached(String position) {
        if (position.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (position.length() > MOST || !FORM.matcher(position).matches()) {
            throw malformed();
        }
        List<TopicPartition> known = views.partitionsOf(Topic.CONTROL);
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (String part : position.split(",", -1)) {
            int equals = part.indexOf('=');
            var partition = new TopicPartition(Topic.CONTROL.topicName(), Integer.parseInt(part.substring(0, equals)));
            if (!known.contains(partition)
                    || wanted.put(partition, Long.parseLong(part.substring(equals + 1))) != null) {
                throw malformed();
            }
        }
        List<CompletableFuture<Void>> awaited = new ArrayList<>();
        wanted.forEach((partition, offset) -> awaited.add(views.readBack(partition, offset)));
        CompletableFuture<Void> all = CompletableFuture.allOf(awaited.toArray(new CompletableFuture<?>[0]));
        var unused = all.whenComplete((reached, givenUp) -> awaited.forEach(one -> one.cancel(false)));
        return all;
    }

    private static ApiException malformed() {
        return new ApiException(ErrorType.BAD_REQUEST, "Sluice-After must be a Sluice-Position of an answer");
    }
}

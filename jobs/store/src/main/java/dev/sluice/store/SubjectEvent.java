package dev.sluice.store;

import java.time.Instant;

/**
 * An event as it tells of a subject.
 *
 * @param id the event's id
 * @param type its type
 * @param subject what it is about
 * @param repository the repository of its subject; empty where it names none
 * @param source who said it
 * @param occurredAt when it happened at the source
 * @param receivedAt when Sluice received it
 * @param delivery the delivery that it came in
 */
public record SubjectEvent(
        String id,
        String type,
        String subject,
        String repository,
        String source,
        Instant occurredAt,
        Instant receivedAt,
        String delivery) {}

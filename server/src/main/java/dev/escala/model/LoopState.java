package dev.escala.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one loop stands.
 *
 * @param lastReceive when the origin last answered, also with nothing; null: not yet
 * @param oldestReceived when what is longest in flight was received; null: nothing is in flight
 * @param oldestPublished of what is in flight; null: nothing is
 * @param newestSettled the publish time of the latest message that became a row or a dead letter;
 *     null: none yet
 */
public record LoopState(
    SourceKind source,
    String topic,
    @Nullable Moment lastReceive,
    @Nullable Moment oldestReceived,
    @Nullable Instant oldestPublished,
    @Nullable Instant newestSettled) {}

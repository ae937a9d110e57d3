package dev.escala.app;

import dev.escala.model.ReasonCode;
import dev.escala.model.SqlIdentifier;
import dev.escala.store.DeadLetter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a person can do about a dead letter. */
final class LetterAdvice {
  /** What no table and no configuration takes. */
  private static final Set<ReasonCode> OF_PUBLISHER =
      EnumSet.of(
          ReasonCode.JSON_MALFORMED,
          ReasonCode.JSON_DUPLICATE_KEY,
          ReasonCode.JSON_DEPTH,
          ReasonCode.PAYLOAD_TOO_LARGE);

  private LetterAdvice() {}

  /**
   * A sentence or two.
   *
   * @param called what the letter is called behind a verb: {@code it}, or as an option
   */
  static String of(DeadLetter letter, String called) {
    return switch (letter.status()) {
      case RESOLVED -> "Nothing is left to do: it is stored, or a row with its key is.";
      case DISCARDED ->
          "Nobody wants it any more; a replay of those with status discarded brings it back.";
      case NEW ->
          reason(letter)
              .map(reason -> named(of(reason), letter.why().column()) + then(reason, called))
              .orElse("docs/errors.md of the version that rejected it explains the reason.");
    };
  }

  private static String then(ReasonCode reason, String called) {
    boolean ofPublisher = OF_PUBLISHER.contains(reason);
    return " Then %s %s.".formatted(ofPublisher ? "discard" : "replay", called);
  }

  private static String named(String advice, @Nullable String column) {
    return column == null
        ? advice
        : advice.replace("ALTER COLUMN …", "ALTER COLUMN " + SqlIdentifier.quote(column));
  }

  private static Optional<ReasonCode> reason(DeadLetter letter) {
    return Arrays.stream(ReasonCode.values())
        .filter(reason -> reason.code().equals(letter.why().reason()))
        .findFirst();
  }

  private static String of(ReasonCode reason) {
    return switch (reason) {
      case JSON_MALFORMED, JSON_DUPLICATE_KEY, JSON_DEPTH ->
          "The publisher has to send it otherwise; no setting helps.";
      case PAYLOAD_TOO_LARGE ->
          "The publisher has to send it in parts; only a body in S3 may be larger by a setting"
              + " (sources[].sqs.s3.max-bytes, up to 16MiB).";
      case PAYLOAD_MISSING ->
          "It says that what has this key is gone: set dedup: latest, with which rows are deleted"
              + " by messages, or discard it.";
      case PAYLOAD_MALFORMED ->
          "Set format, schema and schema-registry of the source of Kafka to what the publisher"
              + " sends; what is broken itself, discard.";
      case PAYLOAD_SCHEMA_MISSING ->
          "Register the schema under that id, or set schema-registry to the registry that has it.";
      case PAYLOAD_S3_DENIED ->
          "List the bucket in sources[].sqs.s3.buckets, if whoever sends to the queue may have its"
              + " objects read.";
      case PAYLOAD_S3_MISSING ->
          "Put the object back into S3, or let the publisher send the message again.";
      case ENVELOPE_INVALID ->
          "Let the topic of SNS deliver without raw delivery, or set format: raw or auto.";
      case SCHEMA_VIOLATION ->
          "The publisher has to send what fits the schema of the topic; or change the schema, and"
              + " start the server anew.";
      case FIELD_MISSING ->
          "ALTER TABLE … ALTER COLUMN … DROP NOT NULL or SET DEFAULT, or another key or time.";
      case FIELD_UNKNOWN -> "Add the column, or set unknown-fields to add-column, keep or drop.";
      case FIELD_TYPE ->
          "ALTER TABLE … ALTER COLUMN … TYPE of a wider one, or set coerce: lenient.";
      case FIELD_RANGE, FIELD_TOO_LONG, NUMBER_PRECISION ->
          "ALTER TABLE … ALTER COLUMN … TYPE of one that holds it.";
      case FIELD_NUL -> "Set nul: strip or replace for the column or the topic.";
      case TIME_FORMAT -> "Set time-format to what the publisher sends.";
      case ROW_CONSTRAINT ->
          "Drop or change the constraint that the detail names, or what its trigger raises.";
      case ROW_DATA -> "The detail says which value PostgreSQL refuses; let the column take it.";
    };
  }
}

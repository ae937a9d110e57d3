package dev.escala.slo;

import static dev.escala.slo.AlertTemplate.Severity.CRITICAL;
import static dev.escala.slo.AlertTemplate.Severity.WARNING;
import static dev.escala.slo.AlertTemplate.alert;

import dev.escala.slo.AlertTemplate.Severity;
import java.time.Duration;
import java.util.List;

/** The topic really receives and delivers, in time, everything, and unchanged. */
final class TopicAlerts {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final String WHERE =
      " of {{ $labels.system }} ({{ $labels.env }}, {{ $labels.region }})";

  private TopicAlerts() {}

  static List<AlertTemplate> all() {
    return List.of(
        notReceiving(),
        notSettling(),
        tableChangeWaiting(),
        freshnessLate(),
        messageLost(),
        dataMismatch(),
        canarySilent(),
        deadLettersArriving(),
        deadLettersWaiting(),
        queueDeadLetters());
  }

  private static AlertTemplate topic(Severity severity, String name, String expression) {
    return alert(severity, name, expression).ofVital("topic").leadingTo("topic", "escala-pubsub");
  }

  /** Where intake is paused nobody asks the source, so that it cannot answer. */
  private static AlertTemplate notReceiving() {
    return topic(
            CRITICAL,
            "TopicNotReceiving",
            """
            time()
            - max by ({L}, topic) (last_over_time(ingest_source_last_receive_timestamp_seconds[2m]))
            > <1m>
            unless on ({L}, topic)
            max by ({L}, topic) (max_over_time(ingest_paused[2m])) == 1
            """)
        .lasting(A_MINUTE)
        .lingering(VitalAlerts.LINGER)
        .saying(
            "A topic's source does not answer.",
            "The source of topic {{ $labels.topic }}"
                + WHERE
                + " last answered {{ $value | humanizeDuration }} ago, not even with nothing.");
  }

  /** Either something waits, or intake is stopped and nothing can even begin to wait. */
  private static AlertTemplate notSettling() {
    return topic(
            CRITICAL,
            "TopicNotSettling",
            """
            max by ({L}, topic) (last_over_time(ingest_oldest_inflight_seconds[2m])) > <2m>
            or
            max by ({L}, topic) (min_over_time(ingest_paused[2m])) == 1
            """)
        .lasting(A_MINUTE)
        .lingering(VitalAlerts.LINGER)
        .saying(
            "Messages arrive and do not become rows.",
            "Topic {{ $labels.topic }}"
                + WHERE
                + " holds a message that has been unsettled for minutes, or its intake is"
                + " paused.");
  }

  private static AlertTemplate tableChangeWaiting() {
    return topic(
            WARNING,
            "TableChangeWaiting",
            "max by ({L}, topic) (last_over_time(ingest_table_change_waiting[2m])) == 1")
        .lasting(FIVE_MINUTES)
        .saying(
            "A table has to change and others keep it.",
            "Messages of topic {{ $labels.topic }}"
                + WHERE
                + " need a column that their table cannot get, and come back; the others are"
                + " stored.");
  }

  private static AlertTemplate freshnessLate() {
    return topic(WARNING, "FreshnessLate", "system:freshness_p99_seconds:5m > " + Thresholds.LATE)
        .ofSlo("freshness")
        .lasting(FIVE_MINUTES)
        .saying(
            "One message in a hundred is later than 30 s.",
            "The 99th percentile from publishing to the row"
                + WHERE
                + " is {{ $value | humanizeDuration }}.");
  }

  private static AlertTemplate messageLost() {
    return topic(
            CRITICAL, "MessageLost", "sum by ({L}, topic) (increase(canary_lost_total[15m])) > 0")
        .ofSlo("completeness")
        .saying(
            "A published message did not become a row.",
            "In 15 minutes about {{ $value | humanize }} canaries of topic {{ $labels.topic }}"
                + WHERE
                + " were published and never found in the database.");
  }

  private static AlertTemplate dataMismatch() {
    return topic(
            CRITICAL,
            "DataMismatch",
            "sum by ({L}, topic) (increase(canary_mismatch_total[15m])) > 0")
        .ofSlo("consistency")
        .saying(
            "The API answers something else than the database holds.",
            "In 15 minutes about {{ $value | humanize }} canaries of topic {{ $labels.topic }}"
                + WHERE
                + " differed between API and SQL, or bore a wrong hash or signature.");
  }

  /** With the canary stops the only proof of completeness and consistency. */
  private static AlertTemplate canarySilent() {
    return topic(
            WARNING,
            "CanarySilent",
            """
            time() - max by ({L}, topic) (last_over_time(canary_last_success_timestamp_seconds[2m])) > <5m>
            or
            group by ({L}) (last_over_time(system:seen:info{vital="canary"}[1d]))
              and on ({L}) last_over_time(escala_build_info[2m])
              unless on ({L}) last_over_time(canary_published_total[2m])
            """)
        .lasting(FIVE_MINUTES)
        .saying(
            "No canary has come through.",
            "Nothing proves at present that a message"
                + WHERE
                + " becomes a row and the row an answer: no canary succeeded for minutes, or"
                + " there is none any more.");
  }

  /** A reason's first dead letter makes a new series, which has no increase yet. */
  private static AlertTemplate deadLettersArriving() {
    return topic(
            WARNING,
            "DeadLettersArriving",
            """
            sum by ({L}, topic) (
              increase(ingest_dead_letters_total[15m]) > 0
              or
              (ingest_dead_letters_total unless ingest_dead_letters_total offset 15m) > 0
            )
            """)
        .saying(
            "Messages are rejected.",
            "In 15 minutes about {{ $value | humanize }} messages of topic {{ $labels.topic }}"
                + WHERE
                + " became dead letters.");
  }

  /** Whom it called when they came has gone on to something else. */
  private static AlertTemplate deadLettersWaiting() {
    return topic(
            WARNING,
            "DeadLettersWaiting",
            "max by ({L}, topic) (last_over_time(ingest_dead_letters_oldest_seconds[2m])) > <1d>")
        .lasting(FIVE_MINUTES)
        .saying(
            "A dead letter has been open for a day.",
            "The oldest dead letter of topic {{ $labels.topic }}"
                + WHERE
                + " has been open for {{ $value | humanizeDuration }}: its message is no row, and"
                + " nobody discarded it.");
  }

  private static AlertTemplate queueDeadLetters() {
    return topic(
            WARNING,
            "QueueDeadLetters",
            "max by ({L}, topic) (last_over_time(sqs_dlq_visible[2m])) > 0")
        .lasting(A_MINUTE)
        .saying(
            "The dead-letter queue holds messages.",
            "{{ $value | humanize }} messages of topic {{ $labels.topic }}"
                + WHERE
                + " were received too often and never settled.");
  }
}

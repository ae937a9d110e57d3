package dev.escala.dashboard;

import static dev.escala.dashboard.Color.CRITICAL;
import static dev.escala.dashboard.Color.OK;
import static dev.escala.dashboard.Color.TICKET;
import static dev.escala.dashboard.Color.WARN;

/** The topics of one system: what came, what became of it, what waits, and whether it is true. */
final class PubSubDashboard {
  private PubSubDashboard() {}

  static Dashboard of(Bounds bounds, Links links) {
    return new Dashboard(
            Uid.PUBSUB,
            "Whether messages arrive, become rows in time, and none is lost or changed.",
            links)
        .row("Now", "topic.md", status(), lost(), mismatches(), queueDeadLetters(), balance())
        .row("Messages", "topic.md", received(), results(), deadLetters(), openLetters())
        .row("Time", "topic.md", freshness(bounds), watermark(bounds), oldest(bounds))
        .row("Queue", "topic.md", waiting(), inFlight(), silence())
        .row("Canary", "topic.md", stages(), canary(), success());
  }

  private static Panel status() {
    return Panel.of(
            Kind.STAT, "Status", "Whether messages are received, settled in time and not lost.")
        .status()
        .target("max(system:topic_status{@})", "topics")
        .size(5, 5);
  }

  private static Panel lost() {
    return Panel.of(
            Kind.STAT,
            "Markers lost, 1 d",
            "Canaries that were not found though nothing held them up. One is one too many.")
        .base(OK)
        .step(1, CRITICAL)
        .target("sum(increase(canary_lost_total{@}[1d]))", "lost")
        .size(5, 5);
  }

  private static Panel mismatches() {
    return Panel.of(
            Kind.STAT,
            "Markers that differ, 1 d",
            "What the API gives, what the database holds and what was published are not the same.")
        .base(OK)
        .step(1, CRITICAL)
        .target("sum(increase(canary_mismatch_total{@}[1d]))", "differ")
        .size(5, 5);
  }

  private static Panel queueDeadLetters() {
    return Panel.of(
            Kind.STAT,
            "In the dead-letter queue",
            "Messages that SQS gave up on; they expire. No data where no such queue is configured.")
        .base(OK)
        .step(1, CRITICAL)
        .target("sum(sqs_dlq_visible{@})", "dead letters")
        .size(5, 5);
  }

  private static Panel balance() {
    return Panel.of(
            Kind.STAT,
            "Unaccounted for",
            "Received, less stored, duplicate, rejected, returned and in flight, since the"
                + " processes started. Anything but 0 for longer than a scrape is a bug.")
        .signed()
        .target(
            "sum(ingest_messages_received_total{@}) - sum(ingest_rows_total{@}) -"
                + " sum(ingest_inflight{@})",
            "messages")
        .size(4, 5);
  }

  private static Panel received() {
    return Panel.of(Kind.TIME_SERIES, "Received", "Messages taken from each source, by topic.")
        .unit(Unit.PER_SECOND)
        .target(
            "sum by (source, topic) (rate(ingest_messages_received_total{@}[$__rate_interval]))",
            "{{topic}} from {{source}}");
  }

  private static Panel results() {
    return Panel.of(
            Kind.TIME_SERIES,
            "What became of them",
            "Duplicates are harmless and cost; rejected ones wait as dead letters; returned ones"
                + " come again.")
        .unit(Unit.PER_SECOND)
        .stacked()
        .target("sum by (result) (rate(ingest_rows_total{@}[$__rate_interval]))", "{{result}}");
  }

  private static Panel deadLetters() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Dead letters by reason",
            "A minute. A new reason after a deployment of a publisher: its schema moved.")
        .step(1, TICKET)
        .target(
            "60 * sum by (reason) (rate(ingest_dead_letters_total{@}[$__rate_interval])) or"
                + " label_replace(0 * count(escala_build_info{@}), \"reason\", \"none\", \"\","
                + " \"\")",
            "{{reason}}");
  }

  private static Panel openLetters() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Dead letters that are open",
            "By topic: neither stored since then nor discarded. They wait for a person.")
        .step(1, TICKET)
        .target(
            "sum by (topic) (max by (topic, reason) (ingest_dead_letters_open{@})) or"
                + " label_replace(0 * count(escala_build_info{@}), \"topic\", \"none\", \"\","
                + " \"\")",
            "{{topic}}");
  }

  private static Panel freshness(Bounds bounds) {
    return Panel.of(
            Kind.TIME_SERIES, "Freshness, p99", "From publishing to the committed row, by topic.")
        .unit(Unit.SECONDS)
        .step(bounds.freshnessSeconds(), WARN)
        .target(
            "histogram_quantile(0.99, sum by (topic, le)"
                + " (rate(ingest_freshness_seconds_bucket{@}[$__rate_interval])))",
            "{{topic}}");
  }

  private static Panel watermark(Bounds bounds) {
    return Panel.of(
            Kind.TIME_SERIES,
            "Behind",
            "Age of the watermark, the publish time up to which everything received is settled, of"
                + " the process that is furthest behind. It also grows where nothing is published.")
        .unit(Unit.SECONDS)
        .step(bounds.freshnessSeconds(), WARN)
        .target("time() - min by (topic) (ingest_watermark_timestamp_seconds{@})", "{{topic}}");
  }

  private static Panel oldest(Bounds bounds) {
    return Panel.of(
            Kind.TIME_SERIES,
            "Oldest unsettled message",
            "Its age. Unlike the watermark it is 0 where nothing waits: what climbs here is stuck.")
        .unit(Unit.SECONDS)
        .step(bounds.freshnessSeconds(), WARN)
        .target("max by (topic) (ingest_oldest_inflight_seconds{@})", "{{topic}}");
  }

  private static Panel waiting() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Waiting in the queue",
            "By topic. A backlog that shrinks is an outage that is over.")
        .target("max by (topic) (sqs_visible{@})", "{{topic}}")
        .target("max by (topic) (sqs_delayed{@})", "{{topic}}, delayed");
  }

  private static Panel inFlight() {
    return Panel.of(
            Kind.TIME_SERIES,
            "In flight",
            "As SQS counts it, and as the processes do. SQS alone: received by somebody who died;"
                + " they come again after the visibility timeout.")
        .target("max by (topic) (sqs_inflight{@})", "{{topic}}, SQS")
        .target("sum by (topic) (ingest_inflight{@})", "{{topic}}, processes");
  }

  private static Panel silence() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Since the origin last answered",
            "An empty answer counts: a long poll ends after at most 20 s. What climbs is cut off.")
        .unit(Unit.SECONDS)
        .step(60, CRITICAL)
        .target(
            "time() - min by (source, topic) (ingest_source_last_receive_timestamp_seconds{@})",
            "{{topic}} from {{source}}");
  }

  private static Panel stages() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Canary by stage, p99",
            "Which part of the way takes the time: to the topic, into the table, out of the API.")
        .unit(Unit.SECONDS)
        .target(
            "histogram_quantile(0.99, sum by (stage, le)"
                + " (rate(canary_stage_seconds_bucket{@}[$__rate_interval])))",
            "{{stage}}");
  }

  private static Panel canary() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Markers",
            "A minute. Published, stored and served run together; the rest stays at 0.")
        .target("60 * sum(rate(canary_published_total{@}[$__rate_interval]))", "published")
        .target("60 * sum(rate(canary_stored_total{@}[$__rate_interval]))", "stored")
        .target("60 * sum(rate(canary_served_total{@}[$__rate_interval]))", "served")
        .target("60 * sum(rate(canary_publish_failures_total{@}[$__rate_interval]))", "not taken")
        .target("60 * sum(rate(canary_lost_total{@}[$__rate_interval]))", "lost")
        .target("60 * sum(rate(canary_duplicate_total{@}[$__rate_interval]))", "duplicate")
        .target("60 * sum(rate(canary_mismatch_total{@}[$__rate_interval]))", "differing");
  }

  private static Panel success() {
    return Panel.of(
            Kind.TIME_SERIES,
            "Since a marker last made the whole way",
            "The end-to-end proof of the whole system, by topic.")
        .unit(Unit.SECONDS)
        .step(300, CRITICAL)
        .target("time() - max by (topic) (canary_last_success_timestamp_seconds{@})", "{{topic}}");
  }
}

package dev.escala.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** What {@code /metrics} answered. */
public record Metrics(String text) {

  /** The sum of all samples of a metric that have these labels, such as {@code topic="a"}. */
  public double value(String name, String... labels) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> Arrays.stream(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The same of whole numbers. */
  private long sum(String name, String... labels) {
    return (long) value(name, labels);
  }

  /** Messages that became a row here. */
  public long stored() {
    return result("stored");
  }

  /** Messages whose row was there before. */
  public long duplicates() {
    return result("duplicate");
  }

  private long result(String result) {
    return sum("ingest_rows_total", "result=\"" + result + "\"");
  }

  public long inFlight() {
    return sum("ingest_inflight");
  }

  /** The invariant of messages. */
  public void assertBalanced() {
    long settled = stored() + duplicates() + result("rejected") + result("returned");
    assertThat(sum("ingest_messages_received_total"))
        .as("received = stored + duplicate + rejected + returned + in flight")
        .isPositive()
        .isEqualTo(settled + inFlight());
  }
}

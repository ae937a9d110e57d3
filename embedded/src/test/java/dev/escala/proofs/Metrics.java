package dev.escala.proofs;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code /metrics} answered. */
public record Metrics(String text) {

  /** The sum of all samples of a metric whose labels contain this text. */
  public double value(String name, String label) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The same of whole numbers. */
  private long sum(String name, String label) {
    return (long) value(name, label);
  }

  /** Messages that became a row here. */
  long stored() {
    return result("stored");
  }

  /** Messages whose row was there before. */
  long duplicates() {
    return result("duplicate");
  }

  private long result(String result) {
    return sum("ingest_rows_total", "result=\"" + result + "\"");
  }

  long inFlight() {
    return sum("ingest_inflight", "");
  }

  /** The invariant of messages. */
  void assertBalanced() {
    long settled = stored() + duplicates() + result("rejected") + result("returned");
    assertThat(sum("ingest_messages_received_total", ""))
        .as("received = stored + duplicate + rejected + returned + in flight")
        .isPositive()
        .isEqualTo(settled + inFlight());
  }
}

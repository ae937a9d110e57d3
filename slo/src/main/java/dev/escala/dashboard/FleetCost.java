package dev.escala.dashboard;

import static dev.escala.dashboard.Color.WARN;

/** What is paid by: messages, the part of them that was for nothing, bytes. */
final class FleetCost {
  private FleetCost() {}

  static Panel[] panels() {
    return new Panel[] {messages(), fruitless(), bytes()};
  }

  private static Panel messages() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Messages a day, top ten",
            "What queues and topics are paid by: messages received in the last day.")
        .target(
            "topk(10, sum by (system) (increase(ingest_messages_received_total{@}[1d])))",
            "{{system}}")
        .linkToSystem();
  }

  private static Panel fruitless() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Paid for nothing, top ten",
            "Share of the messages of the last day that became no new row: duplicates, rejected,"
                + " returned. Above a tenth, look for a publisher that repeats or a schema that"
                + " moved.")
        .unit(Unit.RATIO)
        .step(0.1, WARN)
        .target(
            "topk(10, sum by (system) (increase(ingest_rows_total{@,result!=\"stored\"}[1d])) /"
                + " (sum by (system) (increase(ingest_rows_total{@}[1d])) > 0))",
            "{{system}}")
        .linkToSystem();
  }

  private static Panel bytes() {
    return Panel.of(
            Kind.BAR_GAUGE,
            "Bytes answered a day, top ten",
            "What traffic out of the network is paid by.")
        .unit(Unit.BYTES)
        .target(
            "topk(10, sum by (system) (increase(http_response_bytes_total{@}[1d])))", "{{system}}")
        .linkToSystem();
  }
}

package dev.escala.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Events of twelve columns with a unique key, as JSON lines and as CSV: the same rows. */
final class Events {
  static final String COLUMNS =
      "event_id, scheduled_at, origin, destination, carrier, flight_number, delay_minutes,"
          + " distance_miles, cancelled, fare, gate, passengers";
  static final String TABLE =
      """
      CREATE TABLE %s (
        event_id uuid, scheduled_at timestamptz, origin text, destination text, carrier text,
        flight_number bigint, delay_minutes bigint, distance_miles bigint, cancelled boolean,
        fare numeric, gate text, passengers bigint,
        _id uuid PRIMARY KEY, _event_time timestamptz, _received_at timestamptz DEFAULT now(),
        _source text)
      """;

  /** How much one round of ingest is. */
  static final int BATCHES = 40;

  static final int A_BATCH = 5_000;
  static final int A_ROUND = BATCHES * A_BATCH;

  private static final String[] AIRPORTS = {"LAX", "JFK", "SCL", "LIM", "GRU", "BOG", "EZE", "MIA"};

  private final Random random;

  Events(long seed) {
    this.random = new Random(seed);
  }

  /** The events of one round. */
  List<Batch> round() {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(next(A_BATCH));
    }
    return batches;
  }

  /** So many events in both forms. */
  Batch next(int events) {
    StringBuilder json = new StringBuilder(events * 260);
    StringBuilder csv = new StringBuilder(events * 200);
    for (int i = 0; i < events; i++) {
      append(json, csv);
    }
    return new Batch(
        events,
        json.toString().getBytes(StandardCharsets.UTF_8),
        csv.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The CSV has the twelve columns and then {@code _id}, {@code _event_time}, {@code _source}. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Batch(int events, byte[] ndjson, byte[] csv) {}

  private void append(StringBuilder json, StringBuilder csv) {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    String at =
        "2026-0%d-%02dT%02d:%02d:00Z"
            .formatted(
                1 + random.nextInt(9),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60));
    String from = AIRPORTS[random.nextInt(AIRPORTS.length)];
    String to = AIRPORTS[random.nextInt(AIRPORTS.length)];
    int flight = random.nextInt(9000);
    int delay = random.nextInt(400) - 60;
    int miles = random.nextInt(4000);
    boolean cancelled = random.nextInt(50) == 0;
    String fare = random.nextInt(900) + "." + (10 + random.nextInt(90));
    String gate = "G" + random.nextInt(60);
    int passengers = random.nextInt(300);
    json.append("{\"event_id\":\"").append(id).append("\",\"scheduled_at\":\"").append(at);
    json.append("\",\"origin\":\"").append(from).append("\",\"destination\":\"").append(to);
    json.append("\",\"carrier\":\"LA\",\"flight_number\":").append(flight);
    json.append(",\"delay_minutes\":").append(delay).append(",\"distance_miles\":").append(miles);
    json.append(",\"cancelled\":").append(cancelled).append(",\"fare\":").append(fare);
    json.append(",\"gate\":\"").append(gate).append("\",\"passengers\":").append(passengers);
    json.append("}\n");
    csv.append(id).append(',').append(at).append(',').append(from).append(',').append(to);
    csv.append(",LA,").append(flight).append(',').append(delay).append(',').append(miles);
    csv.append(',').append(cancelled).append(',').append(fare).append(',').append(gate);
    csv.append(',').append(passengers).append(',').append(id).append(',').append(at);
    csv.append(",http\n");
  }
}

package dev.escala.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.escala.decode.Decoder.Evolution;
import dev.escala.model.Message;
import dev.escala.testing.Messages;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * What a message takes of memory on its way into a row, which is stable where times are not. The
 * bound holds also before any of the code is compiled.
 */
class AllocationTest {
  private static final int MESSAGES = 2_000;

  /** Of 260 octets with twelve fields. */
  private static final long MOST_BYTES = 3_200;

  private static final TableColumns COLUMNS =
      Decoding.table(
          "event_id uuid",
          "scheduled_at timestamptz",
          "origin text",
          "destination text",
          "carrier text",
          "flight_number bigint",
          "delay_minutes bigint",
          "distance_miles bigint",
          "cancelled boolean",
          "fare numeric",
          "gate text",
          "passengers bigint");
  private static final String JSON =
      """
      {"event_id":"3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f","scheduled_at":"2026-01-31T12:00:00Z",\
      "origin":"LAX","destination":"JFK","carrier":"LA","flight_number":2714,"delay_minutes":-4,\
      "distance_miles":2475,"cancelled":false,"fare":118.25,"gate":"G17","passengers":201}\
      """;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Decoder decoder =
      new Decoder(Settings.flights("key: $.event_id", "time: $.scheduled_at"));
  private final Message message = Messages.of(Decoding.ID, JSON);

  @Test
  void aMessageBecomesARowWithinABoundOfMemory() {
    assertThat(decode()).isInstanceOf(Decoded.Fits.class);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MESSAGES; i++) {
      var _ = decode();
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / MESSAGES;
    assertThat(each).as("bytes a message").isBetween(1L, MOST_BYTES);
  }

  private Decoded decode() {
    return decoder.decode(message, COLUMNS, Evolution.ALLOWED);
  }
}

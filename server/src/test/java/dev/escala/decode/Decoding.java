package dev.escala.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder.Evolution;
import dev.escala.model.Rejection;
import dev.escala.testing.Messages;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes one message of flights, and says what it has to become. */
final class Decoding {
  static final String ID = "3f0e9a6c-8a1b-4e2f-9c3d-1a2b3c4d5e6f";

  private Decoding() {}

  static TableColumns table(String... columns) {
    return new TableColumns(
        true,
        true,
        Arrays.stream(columns)
            .map(column -> column.split(" ", 2))
            .map(column -> Column.nullable(column[0], ColumnType.parse(column[1])))
            .toList(),
        Set.of("made"));
  }

  static Decoded decode(TableColumns columns, String json, String... settings) {
    return new Decoder(Settings.flights(settings))
        .decode(Messages.of(ID, json), columns, Evolution.ALLOWED);
  }

  static Row row(TableColumns columns, String json, String... settings) {
    Decoded decoded = decode(columns, json, settings);
    assertThat(decoded).isInstanceOf(Decoded.Fits.class);
    return ((Decoded.Fits) decoded).row();
  }

  static Rejection rejection(TableColumns columns, String json, String... settings) {
    Decoded decoded = decode(columns, json, settings);
    assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
    return ((Decoded.Rejected) decoded).rejection();
  }

  static List<ColumnChange> changes(TableColumns columns, String json, String... settings) {
    Decoded decoded = decode(columns, json, settings);
    assertThat(decoded).isInstanceOf(Decoded.NeedsChange.class);
    return ((Decoded.NeedsChange) decoded).changes();
  }

  static @Nullable Object value(String type, String json, String... settings) {
    return row(table("v " + type), "{\"v\":" + json + "}", settings).value(0);
  }
}

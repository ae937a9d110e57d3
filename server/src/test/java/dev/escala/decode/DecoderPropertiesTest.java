package dev.escala.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder.Evolution;
import dev.escala.model.Payload;
import dev.escala.testing.Messages;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DecoderPropertiesTest {
  private static final TableColumns COLUMNS =
      new TableColumns(
          true,
          false,
          List.of(
              Column.nullable("n", ColumnType.NUMERIC),
              Column.nullable("j", ColumnType.JSONB),
              Column.nullable("t", ColumnType.TIMESTAMPTZ)),
          Set.of());

  private final Decoder decoder = new Decoder(Settings.flights());

  private Decoded decode(byte[] bytes) {
    return decoder.decode(Messages.of("id", Payload.of(bytes)), COLUMNS, Evolution.ALLOWED);
  }

  @Property
  void noBytesMakeItThrow(@ForAll @Size(max = 200) byte[] bytes) {
    assertThat(decode(bytes)).isNotNull();
  }

  @Property
  void noDamageToAMessageMakesItThrow(
      @ForAll @IntRange(max = 63) int position, @ForAll byte replacement) {
    byte[] json =
        "{\"n\":-1.5e3,\"j\":{\"a\":[\"\\ud83d\\ude00\",null]},\"t\":\"2026-01-31T12:00:00Z\"}  "
            .getBytes(StandardCharsets.UTF_8);
    json[position] = replacement;
    assertThat(decode(json)).isNotNull();
  }

  @Property
  void noFieldOrTextMakesItThrow(@ForAll String field, @ForAll String text) {
    String json = "{\"" + field + "\":\"" + text + "\",\"j\":[\"" + text + "\"]}";
    assertThat(decode(json.getBytes(StandardCharsets.UTF_8))).isNotNull();
  }

  @Property
  void numbersAreExact(@ForAll BigInteger digits, @ForAll @IntRange(max = 300) int scale) {
    BigDecimal number = new BigDecimal(digits, scale);
    Decoded decoded = decode(("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
    assertThat(decoded)
        .isInstanceOfSatisfying(
            Decoded.Fits.class, fits -> assertThat(fits.row().value(0)).isEqualTo(number));
  }
}

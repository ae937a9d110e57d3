package dev.escala.decode;

import static dev.escala.decode.Decoding.ID;
import static dev.escala.decode.Decoding.changes;
import static dev.escala.decode.Decoding.rejection;
import static dev.escala.decode.Decoding.row;
import static dev.escala.decode.Decoding.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder.Evolution;
import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.testing.Messages;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells rows apart, and columns: nothing that differs may become one. */
class KeysAndNamesTest {
  @Test
  void theKeyIsTheIdOfTheMessageOrFieldsOfIt() {
    TableColumns columns = table("a bigint", "b text");
    assertThat(row(columns, "{}").key()).isEqualTo(UUID.fromString(ID));
    Decoder decoder = new Decoder(Settings.flights());
    Decoded first = decoder.decode(Messages.of("topic-0-17", "{}"), columns, Evolution.ALLOWED);
    Decoded again = decoder.decode(Messages.of("topic-0-17", "{}"), columns, Evolution.ALLOWED);
    assertThat(((Decoded.Fits) first).row().key())
        .isInstanceOf(UUID.class)
        .isEqualTo(((Decoded.Fits) again).row().key());
    TableColumns textKey = new TableColumns(true, false, columns.columns(), Set.of());
    assertThat(row(textKey, "{\"a\":1,\"b\":\"x|y\"}", "key: [$.a, $.b]").key())
        .isEqualTo("1|x\\|y");
    assertThat(rejection(textKey, "{\"b\":\"x\"}", "key: [$.a, $.b]").reason())
        .isEqualTo(ReasonCode.FIELD_MISSING);
  }

  @Test
  void namesThatAreTakenOrTooLongAreStillUsable() {
    List<ColumnChange> changes =
        changes(table(), "{\"_id\":1,\"\":2,\"" + "é".repeat(60) + "\":3,\"A\":4,\"a\":5}");
    assertThat(changes)
        .extracting(ColumnChange::column)
        .contains("payload_id", "payload_", "A", "a")
        .doesNotHaveDuplicates()
        .allMatch(name -> name.getBytes(StandardCharsets.UTF_8).length <= 63);
  }

  private static Object keyOfId(String id, TableColumns columns) {
    Message message = Messages.of(id, "{}");
    Decoded decoded = new Decoder(Settings.flights()).decode(message, columns, Evolution.ALLOWED);
    return ((Decoded.Fits) decoded).row().key();
  }

  private static boolean isStorable(String text) {
    return text.indexOf(0) < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Test
  void idsThatDifferAnywhereAreDifferentKeys() {
    List<String> ids =
        List.of(
            "Order-A",
            "order-a",
            " order-a",
            "order-a ",
            "order-a\0",
            "order-a\ud800",
            "order-a\udc00",
            "order-a\ufffd",
            "order-a?",
            "order-\u00e4",
            "order-a\u0308",
            ID,
            ID.toUpperCase(java.util.Locale.ROOT));
    assertThat(ids.stream().map(id -> keyOfId(id, table()))).doesNotHaveDuplicates();
    TableColumns textKey = new TableColumns(true, false, List.of(), Set.of());
    assertThat(ids.stream().filter(KeysAndNamesTest::isStorable))
        .allSatisfy(id -> assertThat(keyOfId(id, textKey)).isEqualTo(id));
    assertThat(
            new Decoder(Settings.flights())
                .decode(Messages.of("\ud800", "{}"), textKey, Evolution.ALLOWED))
        .isInstanceOf(Decoded.Rejected.class);
  }

  @Test
  void anIdWithoutCapitalsHasTheKeyThatItAlwaysHad() {
    assertThat(keyOfId("order-a-0", table()))
        .isEqualTo(UUID.nameUUIDFromBytes("http:order-a-0".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void longNamesWithOneCrcAreTwoColumns() {
    Map<String, String> byFormer = new HashMap<>();
    String name = "";
    String other = null;
    for (int i = 0; other == null; i++) {
      name = "x".repeat(60) + i;
      other = byFormer.put(ColumnName.former(name), name);
    }
    assertThat(name).isNotEqualTo(other);
    assertThat(ColumnName.of(name)).isNotEqualTo(ColumnName.of(other)).hasSize(63);
  }

  @Test
  void aColumnThatWasNamedByTheShorterHashIsStillFilled() {
    String longName = "x".repeat(80);
    String former = ColumnName.former(longName);
    assertThat(former).isNotEqualTo(ColumnName.of(longName));
    assertThat(row(table(former + " bigint"), "{\"" + longName + "\":7}").value(0)).isEqualTo(7L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\\u0000\":1,\"n\":2}",
        "{\"v\":{\"n\\u0000\":1,\"n\":2}}",
        "{\"v\":{\"n\\u0000\":1,\"n\\ufffd\":2}}"
      })
  void namesThatBecomeOneByCleaningAreRefused(String json) {
    String nul = json.contains("ufffd") ? "nul: replace" : "nul: strip";
    assertThat(rejection(table("v jsonb"), json, "unknown-fields: keep", nul).reason())
        .isEqualTo(ReasonCode.JSON_DUPLICATE_KEY);
  }
}

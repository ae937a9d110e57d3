package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.testing.Messages;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is published is what is read back, for values that nobody thought of. */
@Tag("integration")
class StoredValuesTest extends PipelineRun {
  private static final int COUNT = 3_000;

  private final Random random = new Random(20);

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      json.append(c < 0x80 && Character.isLetterOrDigit(c) ? c : "\\u%04x".formatted((int) c));
    }
    return json.append('"').toString();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(8);
    while (text.length() < length) {
      int c = 1 + random.nextInt(random.nextBoolean() ? 0x7f : 0x10ffff);
      if (c < 0xd800 || c > 0xdfff) {
        text.appendCodePoint(c);
      }
    }
    return text.toString();
  }

  private BigDecimal number() {
    return new BigDecimal(
        new BigInteger(random.nextInt(300), random)
            .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
        random.nextInt(60) - 20);
  }

  private String json(int depth) {
    return switch (random.nextInt(depth > 3 ? 4 : 6)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextBoolean());
      case 2 -> number().toString();
      case 3 -> quoted(text());
      case 4 -> "[" + json(depth + 1) + "," + json(depth + 1) + "]";
      default ->
          "{" + quoted("k" + text()) + ":" + json(depth + 1) + ",\"\":" + json(depth + 1) + "}";
    };
  }

  @Test
  void numbersTextsAndJsonAreReadBackEqual() throws Exception {
    List<BigDecimal> numbers = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<String> jsons = new ArrayList<>();
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      numbers.add(number());
      texts.add(text());
      jsons.add("[" + json(0) + "]");
      messages.add(
          Messages.of(
              "m" + i,
              "{\"i\":%d,\"n\":%s,\"t\":%s,\"j\":%s}"
                  .formatted(i, numbers.get(i), quoted(texts.get(i)), jsons.get(i))));
    }
    store(messages);
    compare(numbers, texts, jsons);
  }

  private void store(List<Message> messages) {
    Pipeline pipeline =
        pipeline(
            "columns:",
            "  - { name: i, type: bigint }",
            "  - { name: n, type: numeric }",
            "  - { name: t, type: text }",
            "  - { name: j, type: jsonb }");
    assertThat(write(pipeline, messages)).containsOnly(Outcome.STORED);
  }

  private void compare(List<BigDecimal> numbers, List<String> texts, List<String> jsons)
      throws Exception {
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT n = ?::numeric, t = ?, j = ?::jsonb FROM flights WHERE i = ?")) {
      for (int i = 0; i < COUNT; i++) {
        statement.setString(1, numbers.get(i).toString());
        statement.setString(2, texts.get(i));
        statement.setString(3, jsons.get(i));
        statement.setLong(4, i);
        try (ResultSet row = statement.executeQuery()) {
          assertThat(row.next()).isTrue();
          assertThat(row.getBoolean(1)).as("%s", numbers.get(i)).isTrue();
          assertThat(row.getBoolean(2)).as("%s", texts.get(i)).isTrue();
          assertThat(row.getBoolean(3)).as("%s", jsons.get(i)).isTrue();
        }
      }
    }
  }
}

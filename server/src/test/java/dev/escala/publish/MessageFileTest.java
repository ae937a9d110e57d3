package dev.escala.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageFileTest {
  private static final MessageFile.Reading ANY = new MessageFile.Reading(null, true);

  private static List<String> messages(byte[] file, MessageFile.Reading reading)
      throws IOException, FileRefused {
    List<String> messages = new ArrayList<>();
    try (MessageFile open = MessageFile.open(new ByteArrayInputStream(file), reading)) {
      for (Optional<String> next = open.next(); next.isPresent(); next = open.next()) {
        messages.add(next.get());
      }
    }
    return messages;
  }

  private static List<String> messages(String file) throws IOException, FileRefused {
    return messages(file.getBytes(StandardCharsets.UTF_8), ANY);
  }

  private static FileFormat format(String file) throws IOException, FileRefused {
    byte[] octets = file.getBytes(StandardCharsets.UTF_8);
    try (MessageFile open = MessageFile.open(new ByteArrayInputStream(octets), ANY)) {
      return open.format();
    }
  }

  private static void assertRefused(@Nullable FileFormat format, String file, String... why) {
    assertThatThrownBy(
            () ->
                messages(
                    file.getBytes(StandardCharsets.UTF_8), new MessageFile.Reading(format, true)))
        .isInstanceOf(FileRefused.class)
        .hasMessageContainingAll(why);
  }

  @Test
  void linesAreMessagesWellFormedOrNot() throws Exception {
    assertThat(messages("{\"a\": 1}\n\n  \n{\"a\": \"é\"\r\n{\"a\":2}"))
        .containsExactly("{\"a\": 1}", "{\"a\": \"é\"", "{\"a\":2}");
    assertThat(format("{\"a\":\n{\"a\":1}")).isEqualTo(FileFormat.JSON);
    assertThat(format("{a}\n{\"a\":1}")).as("its first line is bad").isEqualTo(FileFormat.NDJSON);
    assertThat(messages("")).isEmpty();
    assertThat(messages("\n \n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"a\":1},{\"a\":[1,{}]}]",
        "\n[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": [1, {}]\n  }\n]\n",
        "{\n  \"a\": 1\n}\n{\n  \"a\": [1, {}]\n}",
        "{\"a\": 1} {\"a\": [1, {}]}",
        "\uFEFF[{\"a\":1},\n{\"a\":[1,{}]}]",
      })
  void objectsAreMessagesHoweverTheyAreWritten(String file) throws Exception {
    assertThat(format(file)).isEqualTo(FileFormat.JSON);
    assertThat(messages(file)).containsExactly("{\"a\":1}", "{\"a\":[1,{}]}");
  }

  @Test
  void numbersKeepTheirDigits() throws Exception {
    String numbers = "{\"a\":9007199254740993,\"b\":1.10,\"c\":1e400,\"d\":NaN,\"e\":-0.0}";
    assertThat(messages("[" + numbers + "]"))
        .containsExactly(
            "{\"a\":9007199254740993,\"b\":1.10,\"c\":1E+400,\"d\":NaN,\"e\":-0.0}"
                .replace("-0.0", "0.0"));
  }

  @Test
  void rowsAreObjectsWithTheNamesOfTheFirstLine() throws Exception {
    assertThat(
            messages(
                """
                id,name,delay,on time,gate
                1,"Nuquí, ""PTY""\",-5,true,007
                2,,12.50,false,1e5
                3,"two
                lines"
                """))
        .containsExactly(
            "{\"id\":1,\"name\":\"Nuquí, \\\"PTY\\\"\",\"delay\":-5,\"on"
                + " time\":true,\"gate\":\"007\"}",
            "{\"id\":2,\"delay\":12.50,\"on time\":false,\"gate\":\"1e5\"}",
            "{\"id\":3,\"name\":\"two\\nlines\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {";", "\t", "|"})
  void otherSeparatorsAreFound(String separator) throws Exception {
    String file = "a,b\n1,\"x" + separator + "y\"\n";
    assertThat(messages("\"n" + separator + "\"" + separator + "b\n1" + separator + "2\n"))
        .containsExactly(
            "{\"n%s\":1,\"b\":2}".formatted(separator.equals("\t") ? "\\t" : separator));
    assertThat(messages(file))
        .containsExactly(
            "{\"a\":1,\"b\":\"x%sy\"}".formatted(separator.equals("\t") ? "\\t" : separator));
  }

  @Test
  void valuesOfRowsMayAllBeTexts() throws Exception {
    byte[] file = "id\n1\n".getBytes(StandardCharsets.UTF_8);
    assertThat(messages(file, new MessageFile.Reading(FileFormat.CSV, false)))
        .containsExactly("{\"id\":\"1\"}");
    assertThat(messages(file, new MessageFile.Reading(FileFormat.CSV, true)))
        .containsExactly("{\"id\":1}");
  }

  @Test
  void packedFilesAreUnpacked() throws Exception {
    byte[] plain = "[{\"a\":1}]".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(gzip)) {
      packing.write(plain);
    }
    assertThat(messages(gzip.toByteArray(), ANY)).containsExactly("{\"a\":1}");
    assertThat(messages(Zstd.compress(plain), ANY)).containsExactly("{\"a\":1}");
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertRefused(null, "PAR1\0\0\0", "no Parquet");
    assertRefused(null, "PK\0\0", "neither text nor Parquet");
    assertRefused(null, "hello", "begins with hello", "--format");
    assertRefused(null, "[1,2]", "has no objects");
    assertRefused(null, "[[1]]", "has no objects");
    assertRefused(null, "{a}\n{b}\n", "neither");
    assertRefused(null, "[{\"a\":1}", "well-formed", "line 1");
    assertRefused(null, "[{\"a\":1}] x", "not well-formed JSON");
    assertRefused(null, "[{\"a\":1}] {}", "behind its array");
    assertRefused(null, "a,b\n1,2,3\n", "3 values in row 2", "2 columns");
    assertRefused(null, "a,a\n1,2\n", "two columns");
    assertRefused(FileFormat.JSON, "a,b\n1,2\n", "well-formed JSON");
    assertRefused(FileFormat.CSV, "a\n\"x", "well-formed CSV");
  }

  /** An array of 200 MB, of which no more than a part is held. */
  @Test
  void aFileOfAnySizeIsReadInParts() throws Exception {
    String element = "{\"filler\":\"" + "x".repeat(1_000) + "\"},\n";
    int elements = 200_000;
    InputStream large = new Repeated(element.getBytes(StandardCharsets.UTF_8), elements);
    long read = 0;
    try (MessageFile file = MessageFile.open(large, ANY)) {
      while (read < elements - 1 && file.next().isPresent()) {
        read++;
      }
    }
    assertThat(read).isEqualTo(elements - 1);
  }

  /** The beginning of an array, then the same octets again and again. */
  private static final class Repeated extends InputStream {
    private final byte[] part;
    private final long end;
    private long at = -1;

    Repeated(byte[] part, int times) {
      this.part = part;
      this.end = (long) part.length * times;
    }

    @Override
    public int read() {
      long place = at++;
      return place < 0 ? '[' : place < end ? part[(int) (place % part.length)] : -1;
    }

    @Override
    public int read(byte[] octets, int offset, int length) {
      int next = read();
      if (next >= 0) {
        octets[offset] = (byte) next;
      }
      int done = next < 0 ? -1 : 1;
      while (done > 0 && done < length && at < end) {
        octets[offset + done++] = part[(int) (at++ % part.length)];
      }
      return done;
    }
  }
}

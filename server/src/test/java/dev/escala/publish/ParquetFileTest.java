package dev.escala.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that others wrote: {@code types.py} beside them says how, those of JavaScript are of
 * {@code @dsnp/parquetjs} and {@code hyparquet-writer}.
 */
@Timeout(120)
class ParquetFileTest {
  private static final MessageFile.Reading ANY = new MessageFile.Reading(null, true);

  @TempDir Path directory;

  private static byte[] resource(String name) throws IOException {
    try (InputStream file = ParquetFileTest.class.getResourceAsStream(name)) {
      assertThat(file).as(name).isNotNull();
      return file.readAllBytes();
    }
  }

  private static List<String> lines(String name) throws IOException {
    return new String(resource(name), StandardCharsets.UTF_8).lines().toList();
  }

  private static List<String> all(MessageFile file) throws IOException, FileRefused {
    try (file) {
      List<String> messages = new ArrayList<>();
      for (Optional<String> next = file.next(); next.isPresent(); next = file.next()) {
        messages.add(next.get());
      }
      return messages;
    }
  }

  private Path written(byte[] octets) throws IOException {
    return Files.write(directory.resolve("a.parquet"), octets);
  }

  private List<String> messages(byte[] octets) throws IOException, FileRefused {
    return all(MessageFile.open(written(octets), ANY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pyarrow", "polars", "duckdb", "parquetjs", "hyparquet", "int96"})
  void rowsAreMessagesWithTheirTypes(String writer) throws Exception {
    byte[] octets = resource(writer + ".parquet");
    assertThat(messages(octets)).isEqualTo(lines(writer + ".ndjson"));
    assertThat(MessageFile.open(written(octets), ANY).format()).isEqualTo(FileFormat.PARQUET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "gzip", "zstd", "lz4"})
  void pagesAreUnpacked(String codec) throws Exception {
    assertThat(messages(resource(codec + ".parquet"))).isEqualTo(lines("codec.ndjson"));
  }

  @Test
  void aCodecThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> messages(resource("brotli.parquet")))
        .isInstanceOf(FileRefused.class)
        .hasMessageContainingAll("BROTLI", "'i'", "SNAPPY");
  }

  @Test
  void aFileOfNoRowsHasNoMessages() throws Exception {
    assertThat(messages(resource("none.parquet"))).isEmpty();
  }

  /** As files of the installed versions are, which need not be those of the resources. */
  @ParameterizedTest
  @ValueSource(strings = {"pyarrow", "polars", "duckdb"})
  void filesOfTheLibrariesThatAreThereRead(String library) throws Exception {
    Path script = Files.write(directory.resolve("types.py"), resource("types.py"));
    Path file = directory.resolve("written.parquet");
    assumeThat(wrote(script, library, file))
        .as("SKIPPED: no %s of Python (docs/clients.md)", library)
        .isTrue();
    assertThat(all(MessageFile.open(file, ANY))).isEqualTo(lines(library + ".ndjson"));
  }

  private static boolean wrote(Path script, String library, Path file)
      throws IOException, InterruptedException {
    if (!succeeds("python3", "-c", "import pyarrow, polars, duckdb")) {
      return false;
    }
    assertThat(succeeds("python3", script.toString(), library, file.toString())).isTrue();
    return true;
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException noPython) {
      return false;
    }
  }

  @Test
  void whatStandsInNoFileIsCopiedToOne() throws Exception {
    byte[] octets = resource("polars.parquet");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(packed)) {
      packing.write(octets);
    }
    for (byte[] input : List.of(octets, packed.toByteArray())) {
      assertThat(all(MessageFile.open(new ByteArrayInputStream(input), ANY)))
          .isEqualTo(lines("polars.ndjson"));
    }
  }

  @Test
  void textMayBeginAsParquetDoes() throws Exception {
    assertThat(messages("PAR1,b\n1,2\n".getBytes(StandardCharsets.UTF_8)))
        .containsExactly("{\"PAR1\":1,\"b\":2}");
    assertThatThrownBy(
            () ->
                MessageFile.open(
                    new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)),
                    new MessageFile.Reading(FileFormat.PARQUET, true)))
        .isInstanceOf(FileRefused.class)
        .hasMessageContaining("does not begin with PAR1");
  }

  @Test
  void aFileThatIsCutIsRefused() throws Exception {
    byte[] octets = resource("snappy.parquet");
    for (int length = 4; length < octets.length; length += 13) {
      byte[] cut = Arrays.copyOf(octets, length);
      assertThatThrownBy(() -> messages(cut)).isInstanceOf(FileRefused.class);
    }
    byte[] encrypted = octets.clone();
    encrypted[encrypted.length - 1] = 'E';
    assertThatThrownBy(() -> messages(encrypted)).hasMessageContaining("ncrypted");
  }

  /** Whatever stands in a file, reading ends, and nothing but a refusal comes of it. */
  @ParameterizedTest
  @ValueSource(strings = {"snappy", "polars"})
  void aFileThatIsDamagedIsReadOrRefused(String name) throws Exception {
    byte[] octets = resource(name + ".parquet");
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = octets.clone();
      for (int j = 0; j <= i % 3; j++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        messages(damaged);
      } catch (FileRefused expected) {
        assertThat(expected.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}

package dev.escala.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * The records that come with the demo, one JSON object each; their provenance stands beside them.
 */
enum SampleData {
  FLIGHTS("flights-20k.ndjson.gz"),
  AIRPORTS("airports.ndjson.gz");

  private final String file;

  SampleData(String file) {
    this.file = file;
  }

  /** All records, in the order of the file. */
  List<String> records() {
    try (InputStream resource = SampleData.class.getResourceAsStream(file);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Objects.requireNonNull(resource, file)),
                    StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException damaged) {
      throw new UncheckedIOException(file, damaged);
    }
  }
}

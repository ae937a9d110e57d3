package dev.escala.app;

import dev.escala.publish.FileFormat;
import dev.escala.publish.MessageFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the file of a command is read. */
final class FileOptions {
  @Option(
      names = "--format",
      paramLabel = "ndjson|json|csv|parquet",
      description = "What the file is; without it that is found out.")
  private @Nullable FileFormat format;

  @Option(
      names = "--text",
      description = "All values of CSV are texts; without it numbers and booleans are such.")
  private boolean text;

  FileOptions() {}

  MessageFile.Reading reading() {
    return new MessageFile.Reading(format, !text);
  }
}

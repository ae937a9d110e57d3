package dev.escala.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * A table without a catalogue, laid out as Iceberg's tables of Hadoop: its n-th state is the file
 * {@code metadata/vN.metadata.json}, which one writer alone can make, and {@code version-hint.text}
 * tells about how far it is.
 */
final class FilesTable implements TableOperations {
  private static final int MOST_HINT_OCTETS = 20;

  private final String location;
  private final TableFiles files;
  private @Nullable TableMetadata current;
  private int version;

  FilesTable(String location, TableFiles files) {
    this.location = location;
    this.files = files;
  }

  @Override
  public @Nullable TableMetadata current() {
    return current == null ? refresh() : current;
  }

  @Override
  public @Nullable TableMetadata refresh() {
    int found = Math.max(version, hint().orElse(0));
    while (files.newInputFile(state(found + 1)).exists()) {
      found++;
    }
    if (found > 0 && found != version) {
      current = TableMetadataParser.read(files, state(found));
      version = found;
    }
    return current;
  }

  private String state(int number) {
    return metadataFileLocation("v%d.metadata.json".formatted(number));
  }

  private Optional<Integer> hint() {
    InputFile hint = files.newInputFile(metadataFileLocation("version-hint.text"));
    if (!hint.exists()) {
      return Optional.empty();
    }
    try (InputStream in = hint.newStream()) {
      String text = new String(in.readNBytes(MOST_HINT_OCTETS), StandardCharsets.UTF_8);
      return Optional.of(Integer.valueOf(text.strip()));
    } catch (NumberFormatException | NotFoundException halfWritten) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Iceberg asks for the very state that it was given. */
  @Override
  @SuppressWarnings("ReferenceEquality")
  public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
    if (base != current()) {
      throw new CommitFailedException("%s is not as it was", location);
    }
    int next = version + 1;
    byte[] content = TableMetadataParser.toJson(metadata).getBytes(StandardCharsets.UTF_8);
    boolean isMade;
    try {
      isMade = files.create(state(next), content);
    } catch (RuntimeException unknown) {
      throw new CommitStateUnknownException(unknown);
    }
    if (!isMade) {
      var _ = refresh();
      throw new CommitFailedException("%s has a version %d of somebody else", location, next);
    }
    version = next;
    current = TableMetadataParser.read(files, state(next));
    hint(next);
  }

  /** Those who read it begin there, and look for later ones; it may be behind. */
  private void hint(int number) {
    try (OutputStream out =
        files.newOutputFile(metadataFileLocation("version-hint.text")).createOrOverwrite()) {
      out.write(Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | UncheckedIOException notNow) {
      // the next commit tells
    }
  }

  @Override
  public FileIO io() {
    return files;
  }

  @Override
  public String metadataFileLocation(String name) {
    return location + "/metadata/" + name;
  }

  @Override
  public LocationProvider locationProvider() {
    TableMetadata metadata = current();
    if (metadata == null) {
      throw new IllegalStateException(location + " is no table yet");
    }
    return LocationProviders.locationsFor(metadata.location(), metadata.properties());
  }
}

package dev.escala.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Files of a table: objects of S3, or files of a folder. Iceberg makes one by its name, and then
 * says what is configured.
 */
public final class ArchiveFiles implements TableFiles {
  private static final long serialVersionUID = 1L;
  private static final String S3 = "s3";

  /** Properties of a catalogue, as Iceberg's own files of S3 call them. */
  static final String ENDPOINT = "s3.endpoint";

  static final String REGION = "client.region";

  private transient @Nullable S3Files objects;
  private transient Map<String, String> properties = Map.of();

  /** Nothing is opened yet. */
  public ArchiveFiles() {}

  @Override
  public void initialize(Map<String, String> configured) {
    properties = Map.copyOf(configured);
  }

  @Override
  public Map<String, String> properties() {
    return properties;
  }

  private static boolean isObject(String location) {
    return location.startsWith(S3);
  }

  private synchronized S3Files objects() {
    if (objects == null) {
      objects = S3Files.open(properties);
    }
    return Objects.requireNonNull(objects);
  }

  @Override
  public InputFile newInputFile(String location) {
    return isObject(location) ? objects().input(location) : new LocalFile.In(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return isObject(location) ? objects().output(location) : new LocalFile.Out(location);
  }

  @Override
  public void deleteFile(String location) {
    if (isObject(location)) {
      objects().delete(location);
    } else {
      LocalFile.delete(location);
    }
  }

  @Override
  public boolean create(String location, byte[] content) {
    try {
      return isObject(location)
          ? objects().create(location, content)
          : LocalFile.create(location, content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public synchronized void close() {
    if (objects != null) {
      objects.close();
      objects = null;
    }
  }
}

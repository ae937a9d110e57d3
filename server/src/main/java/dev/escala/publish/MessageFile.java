package dev.escala.publish;

import dev.escala.http.coding.ZstdLibrary;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The messages of a file, one after the other, in constant memory. */
public final class MessageFile implements AutoCloseable {
  /** What is looked at to find out what a file is. */
  private static final int HEAD = 64 << 10;

  private static final int[] GZIP = {0x1F, 0x8B};
  private static final int[] ZSTD = {0x28, 0xB5, 0x2F, 0xFD};
  private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

  private final FileFormat format;
  private final Messages messages;
  private final Closeable input;
  private final DoubleSupplier share;

  /**
   * What is asked of a file.
   *
   * @param format null: it is found out
   * @param typed whether numbers and booleans of CSV are such; else all its values are texts
   */
  public record Reading(@Nullable FileFormat format, boolean typed) {}

  private MessageFile(FileFormat format, Messages messages, Closeable input) {
    this(format, messages, input, () -> 0);
  }

  private MessageFile(FileFormat format, Messages messages, Closeable input, DoubleSupplier share) {
    this.format = format;
    this.messages = messages;
    this.input = input;
    this.share = share;
  }

  /**
   * Opens a file, packed with gzip or zstd or not, and reads its beginning.
   *
   * @throws FileRefused where it is none that can be read
   */
  public static MessageFile open(Path file, Reading reading) throws IOException, FileRefused {
    ReadShare read = new ReadShare(Files.newInputStream(file), Files.size(file));
    InputStream input = new BufferedInputStream(read, HEAD);
    try {
      if (FileHead.isParquet(head(input))) {
        input.close();
        ParquetMessages messages = ParquetMessages.open(file);
        return new MessageFile(FileFormat.PARQUET, messages, messages, messages::share);
      }
      MessageFile opened = open(input, reading);
      return new MessageFile(opened.format, opened.messages, opened.input, read::share);
    } catch (IOException | FileRefused broken) {
      input.close();
      throw broken;
    }
  }

  /**
   * The same of what stands in no file.
   *
   * @throws FileRefused where it is none that can be read
   */
  public static MessageFile open(InputStream file, Reading reading)
      throws IOException, FileRefused {
    InputStream input = unpacked(new BufferedInputStream(file, HEAD));
    if (startsWith(input, BYTE_ORDER_MARK)) {
      input.skipNBytes(BYTE_ORDER_MARK.length);
    }
    byte[] octets = head(input);
    FileHead head = new FileHead(octets, HEAD);
    FileFormat asked = reading.format();
    FileFormat format = asked == null ? head.format() : asked;
    return switch (format) {
      case NDJSON -> new MessageFile(format, new LineMessages(input), input);
      case JSON -> new MessageFile(format, new JsonMessages(input), input);
      case CSV ->
          new MessageFile(format, new CsvMessages(input, head.separator(), reading.typed()), input);
      case PARQUET -> parquet(octets, input);
    };
  }

  private static byte[] head(InputStream input) throws IOException {
    input.mark(HEAD);
    byte[] octets = input.readNBytes(HEAD);
    input.reset();
    return octets;
  }

  /** Its end says what is in it: it is copied to a file until it is closed. */
  private static MessageFile parquet(byte[] head, InputStream input)
      throws IOException, FileRefused {
    if (!FileHead.isParquet(head)) {
      throw new FileRefused("is no Parquet: it does not begin with PAR1");
    }
    Path copy = Files.createTempFile("escala-", ".parquet");
    copy.toFile().deleteOnExit();
    try (input) {
      Files.copy(input, copy, StandardCopyOption.REPLACE_EXISTING);
      ParquetMessages messages = ParquetMessages.open(copy);
      return new MessageFile(
          FileFormat.PARQUET,
          messages,
          () -> {
            messages.close();
            Files.deleteIfExists(copy);
          });
    } catch (IOException | FileRefused broken) {
      Files.deleteIfExists(copy);
      throw broken;
    }
  }

  private static InputStream unpacked(InputStream file) throws IOException {
    if (startsWith(file, GZIP)) {
      return new BufferedInputStream(new GZIPInputStream(file, HEAD), HEAD);
    }
    return startsWith(file, ZSTD)
        ? new BufferedInputStream(ZstdLibrary.unpacked(file), HEAD)
        : file;
  }

  private static boolean startsWith(InputStream input, int[] octets) throws IOException {
    input.mark(octets.length);
    boolean same = true;
    for (int octet : octets) {
      same = same && input.read() == octet;
    }
    input.reset();
    return same;
  }

  /** How much of the file was read, from 0 to 1, for any thread; 0 where nobody knows. */
  public double share() {
    return share.getAsDouble();
  }

  public FileFormat format() {
    return format;
  }

  /**
   * The next message as JSON, well formed or not where it is a line of its own; empty behind the
   * last.
   *
   * @throws FileRefused where the file cannot be read any further
   */
  public Optional<String> next() throws IOException, FileRefused {
    return Optional.ofNullable(messages.next());
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}

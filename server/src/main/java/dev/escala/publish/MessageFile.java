package dev.escala.publish;

import dev.escala.http.coding.ZstdLibrary;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
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
  private final InputStream input;

  /**
   * What is asked of a file.
   *
   * @param format null: it is found out
   * @param typed whether numbers and booleans of CSV are such; else all its values are texts
   */
  public record Reading(@Nullable FileFormat format, boolean typed) {}

  private MessageFile(FileFormat format, Messages messages, InputStream input) {
    this.format = format;
    this.messages = messages;
    this.input = input;
  }

  /**
   * Opens a file, packed with gzip or zstd or not, and reads its beginning.
   *
   * @throws FileRefused where it is none that can be read
   */
  public static MessageFile open(InputStream file, Reading reading)
      throws IOException, FileRefused {
    InputStream input = unpacked(new BufferedInputStream(file, HEAD));
    if (startsWith(input, BYTE_ORDER_MARK)) {
      input.skipNBytes(BYTE_ORDER_MARK.length);
    }
    input.mark(HEAD);
    FileHead head = new FileHead(input.readNBytes(HEAD), HEAD);
    input.reset();
    FileFormat asked = reading.format();
    FileFormat format = asked == null ? head.format() : asked;
    Messages messages =
        switch (format) {
          case NDJSON -> new LineMessages(input);
          case JSON -> new JsonMessages(input);
          case CSV -> new CsvMessages(input, head.separator(), reading.typed());
        };
    return new MessageFile(format, messages, input);
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

package dev.escala.publish;

import dev.hardwood.InputFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file as the reader of Parquet sees it. Where a column ends within a page the reader asks for no
 * octets behind its end, again and again; here that is an error.
 */
record ParquetInput(InputFile file) implements InputFile {
  @Override
  public void open() throws IOException {
    file.open();
  }

  @Override
  public ByteBuffer readRange(long offset, int length) throws IOException {
    if (length <= 0 || offset < 0 || offset + length > file.length()) {
      throw new EOFException("a column ends within a page, at octet %,d".formatted(offset));
    }
    return file.readRange(offset, length);
  }

  @Override
  public long length() throws IOException {
    return file.length();
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package dev.escala.backfill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A file as it is known again, under whatever name: by its length, its beginning and its end.
 *
 * @param id the same for the same file, such as a copy of it
 * @param changedAt when it was last changed: the publish time of its messages
 */
public record LoadedFile(String id, Instant changedAt) {
  private static final int LOOKED_AT = 1 << 20;

  private static final int ID_LENGTH = 32;

  /** Looks at a file. */
  public static LoadedFile of(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long size = channel.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
      digest.update(read(channel, 0));
      digest.update(read(channel, Math.max(0, size - LOOKED_AT)));
      return new LoadedFile(
          HexFormat.of().formatHex(digest.digest()).substring(0, ID_LENGTH),
          Files.getLastModifiedTime(path).toInstant());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ByteBuffer read(FileChannel channel, long from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(LOOKED_AT);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
      // until the end
    }
    return buffer.flip();
  }
}

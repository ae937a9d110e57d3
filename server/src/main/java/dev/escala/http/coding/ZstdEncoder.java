package dev.escala.http.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Packs as one frame of Zstandard (RFC 8878), with a window that any client has. */
final class ZstdEncoder implements Encoder {
  /** Measured with the window and the level below, and a third more. */
  static final int MEMORY_BYTES = 384 << 10;

  /** Rows as JSON come to an eighth, in half the time of gzip; higher levels gain little. */
  private static final int LEVEL = 1;

  /** A window of 128 KiB: a larger one gains nothing on rows, and each stream has its own. */
  private static final int WINDOW_LOG = 17;

  /** The library takes buffers outside of the heap; one pair for each event loop. */
  private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  ZstdEncoder() {
    // The check at the end tells that nothing is missing or changed, as that of gzip does.
    context.setLevel(LEVEL).setWindowLog(WINDOW_LOG).setChecksum(true);
  }

  private static final class Buffers {
    private static final int BYTES = 64 << 10;

    final ByteBuffer in = ByteBuffer.allocateDirect(BYTES);
    final ByteBuffer out = ByteBuffer.allocateDirect(BYTES);
  }

  @Override
  public byte[] pack(byte[] piece, Then then) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = BUFFERS.get().in;
    int from = 0;
    do {
      int length = Math.min(in.capacity(), piece.length - from);
      in.clear().put(piece, from, length).flip();
      from += length;
      pack(in, from == piece.length ? directive(then) : EndDirective.CONTINUE, out);
    } while (from < piece.length);
    return out.toByteArray();
  }

  private void pack(ByteBuffer in, EndDirective directive, ByteArrayOutputStream target) {
    ByteBuffer out = BUFFERS.get().out;
    boolean done = false;
    while (!done) {
      boolean flushed = context.compressDirectByteBufferStream(out.clear(), in, directive);
      byte[] octets = new byte[out.flip().remaining()];
      out.get(octets);
      target.writeBytes(octets);
      done = directive == EndDirective.CONTINUE ? !in.hasRemaining() : flushed;
    }
  }

  private static EndDirective directive(Then then) {
    return switch (then) {
      case MORE -> EndDirective.CONTINUE;
      case LATER -> EndDirective.FLUSH;
      case END -> EndDirective.END;
    };
  }

  @Override
  public void close() {
    context.close();
  }
}

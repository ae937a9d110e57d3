package dev.escala.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection of HTTP/2 frame by frame (RFC 9113), on which a test does what no client would. */
public final class RawHttp2 implements AutoCloseable {
  public static final int HEADERS = 0x1;
  public static final int CONTINUATION = 0x9;
  private static final int DATA = 0x0;
  private static final int SETTINGS = 0x4;
  private static final int WINDOW_UPDATE = 0x8;
  private static final int GET = 0x82; // :method GET, of the static table
  private static final int POST = 0x83;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int INITIAL_WINDOW_SIZE = 0x4;
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private int nextStream = 1;

  /** Begins with the preface and a window of so many bytes for each stream. */
  public RawHttp2(int port, int window) throws IOException {
    this(port, window, InetAddress.getLoopbackAddress().getHostAddress());
  }

  /** The same from another address of this machine. */
  public RawHttp2(int port, int window, String from) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(from), 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    ByteArrayOutputStream settings = new ByteArrayOutputStream();
    settings.write(0);
    settings.write(INITIAL_WINDOW_SIZE);
    for (int shift = 24; shift >= 0; shift -= 8) {
      settings.write(window >>> shift);
    }
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, settings.toByteArray());
  }

  /** Asks for a path of less than 128 characters, on a stream of its own. */
  public void get(String path) throws IOException {
    frame(HEADERS, END_STREAM | END_HEADERS, nextStream, block(GET, path));
    nextStream += 2;
  }

  /** Sends a body to a path, on a stream of its own. */
  public void post(String path, String body) throws IOException {
    beginPost(path);
    frame(DATA, END_STREAM, nextStream - 2, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Says that a body follows, on a stream of its own. */
  public void beginPost(String path) throws IOException {
    frame(HEADERS, END_HEADERS, nextStream, block(POST, path));
    nextStream += 2;
  }

  /** Asks for a path, but for the end of the header block. */
  public void beginGet(String path) throws IOException {
    frame(HEADERS, END_STREAM, nextStream, block(GET, path));
  }

  private static byte[] block(int method, String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(method);
    block.write(0x86); // :scheme http
    text(block, 0x41, "localhost"); // :authority
    text(block, 0x44, path); // :path
    return block.toByteArray();
  }

  /** Takes so many octets more of the answer on this stream, the first of which is 1. */
  public void allow(int stream, int octets) throws IOException {
    frame(WINDOW_UPDATE, 0, stream, new byte[] {0, 0, 0, (byte) octets});
  }

  /** Begins a request with a header block that never ends, of frames with so many bytes. */
  public void beginHeaders(int bytes) throws IOException {
    frame(HEADERS, END_STREAM, nextStream, new byte[bytes]);
  }

  private static void text(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(payload.length >>> 16);
    frame.write(payload.length >>> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      frame.write(stream >>> shift);
    }
    frame.writeBytes(payload);
    socket.getOutputStream().write(frame.toByteArray());
    socket.getOutputStream().flush();
  }

  /** Reads frames until one of this type comes; its flags. */
  public int await(int wanted) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      in.skipNBytes(4L + length);
      if (type == wanted) {
        return flags;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

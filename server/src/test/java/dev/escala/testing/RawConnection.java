package dev.escala.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection on which a test sends what no HTTP client would. */
public final class RawConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;

  public RawConnection(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  /** As somebody else, from another address of the loopback, such as 127.0.0.2. */
  public RawConnection(int port, String from) throws IOException {
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Sends text as it is; does not mind if the other side has closed. */
  public RawConnection send(String text) throws IOException {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (SocketException closed) {
      // what the server said before is what the test asks for
    }
    return this;
  }

  /** The status of the next answer, and its body where its length is given. */
  public String answer() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
    int at = lower.indexOf("content-length:");
    int length =
        at < 0 ? 0 : Integer.parseInt(lower.substring(at + 15, lower.indexOf("\r\n", at)).strip());
    byte[] body = socket.getInputStream().readNBytes(length);
    return head.substring(9, 12) + " " + new String(body, StandardCharsets.UTF_8);
  }

  /** Takes so many octets of what the server says, or all that is left; false at its end. */
  public boolean take(int octets) throws IOException {
    try {
      return socket.getInputStream().readNBytes(octets).length == octets;
    } catch (SocketException reset) {
      return false;
    }
  }

  /** All that the server says until it closes; one character is one octet. */
  public String everything() throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(said);
    } catch (SocketException reset) {
      // what it said before counts
    }
    return said.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the server closes, with nothing more to say. */
  public boolean isClosedByServer() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

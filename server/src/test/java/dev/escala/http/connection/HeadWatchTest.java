package dev.escala.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWatchTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n";
  private static final String HALF = "GET / HTTP/1.1\r\nX: " + "a".repeat(100);
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final HeadWatch watch = new HeadWatch();

  private final EmbeddedChannel decoder =
      new EmbeddedChannel(new HttpRequestDecoder(), watch.requestEnds());

  private int after(String bytes) {
    var buffer = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
    watch.arrived(buffer);
    decoder.writeInbound(buffer);
    return watch.unfinished();
  }

  @Test
  void aWholeRequestLeavesNothing() {
    assertThat(after(GET)).isZero();
    assertThat(after(GET + GET)).isZero();
    assertThat(after(POST + "0123456789")).isZero();
    assertThat(after(GET)).isZero();
  }

  @Test
  void halfAHeadCountsUntilItsEnd() {
    assertThat(after(HALF)).isEqualTo(HALF.length());
    assertThat(after("bbb")).isEqualTo(HALF.length() + 3);
    assertThat(after("\r\n\r\n")).isZero();
  }

  @Test
  void halfAHeadBehindAWholeRequestCounts() {
    assertThat(after(GET + HALF)).isGreaterThanOrEqualTo(HALF.length());
    assertThat(after("\r\n\r\n")).isZero();
  }

  @Test
  void aBodyIsNoHead() {
    assertThat(after(POST + "01234")).isZero();
    assertThat(after("567")).isZero();
    assertThat(after("89")).isZero();
    assertThat(after(HALF)).isEqualTo(HALF.length());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 10, 40})
  void requestsInPiecesLeaveNothingAtTheirEnds(int size) {
    String all = GET + POST + "0123456789" + GET;
    int left = 0;
    for (int at = 0; at < all.length(); at += size) {
      left = after(all.substring(at, Math.min(all.length(), at + size)));
    }
    assertThat(left).isZero();
  }

  private static String frame(int type, int flags, int length) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(length >>> 16);
    frame.write(length >>> 8);
    frame.write(length);
    frame.write(type);
    frame.write(flags);
    frame.writeBytes(new byte[4 + length]);
    return frame.toString(StandardCharsets.ISO_8859_1);
  }

  private int afterFrames(String bytes) {
    watch.arrived(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    return watch.unfinished();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 24, 25, 1000})
  void ofHttp2OnlyAHeaderBlockWithoutItsEndCounts(int size) {
    String whole = PREFACE + frame(4, 0, 6) + frame(1, 4, 30) + frame(0, 0, 500) + frame(6, 0, 8);
    String half = frame(1, 0, 100) + frame(9, 0, 200);
    int left = -1;
    for (int at = 0; at < whole.length(); at += size) {
      left = afterFrames(whole.substring(at, Math.min(whole.length(), at + size)));
    }
    assertThat(left).isZero();
    for (int at = 0; at < half.length(); at += size) {
      left = afterFrames(half.substring(at, Math.min(half.length(), at + size)));
    }
    assertThat(left).isEqualTo(half.length());
    assertThat(afterFrames(frame(9, 4, 5))).isZero();
  }
}

package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {
  private static final int MOST = 8 << 20;
  private static final byte[] HELLO = "{\"hello\":\"world\"}".getBytes(StandardCharsets.UTF_8);

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    }
    return packed.toByteArray();
  }

  private static byte[] times(int count, byte[] member) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(member);
    }
    return all.toByteArray();
  }

  private static byte[] unpacked(byte[] packed) throws RequestRefused {
    return Encoding.GZIP.unpack(packed, Encoding.GZIP.unpackedLength(packed, MOST));
  }

  private static String code(byte[] packed) {
    try {
      Encoding.GZIP.unpackedLength(packed, MOST);
      return "none";
    } catch (RequestRefused refused) {
      return refused.problem().code();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 3_000_000})
  void whatWasPackedComesOut(int length) throws IOException, RequestRefused {
    byte[] body = new byte[length];
    new Random(length).nextBytes(body);
    assertThat(unpacked(gzip(body))).isEqualTo(body);
  }

  @Test
  void membersFollowEachOther() throws IOException, RequestRefused {
    byte[] two = times(2, gzip(HELLO));
    assertThat(unpacked(two)).isEqualTo(times(2, HELLO));
    byte[] manyAndAMessage = times(Unpacker.MOST_PARTS - 1, gzip(new byte[0]));
    byte[] all = Arrays.copyOf(manyAndAMessage, manyAndAMessage.length + gzip(HELLO).length);
    System.arraycopy(gzip(HELLO), 0, all, manyAndAMessage.length, gzip(HELLO).length);
    assertThat(unpacked(all)).isEqualTo(HELLO);
  }

  /** More than enough for the JDK's stream, which calls itself for each, to overflow the stack. */
  @Test
  void tooManyMembersAreRefused() throws IOException {
    assertThat(code(times(20_000, gzip(new byte[0])))).isEqualTo("ESC110");
  }

  @Test
  void allPartsOfAHeaderAreSteppedOver() throws IOException, RequestRefused {
    byte[] packed = gzip(HELLO);
    ByteArrayOutputStream named = new ByteArrayOutputStream();
    named.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0});
    named.writeBytes(new byte[] {3, 0, 'a', 'b', 'c'});
    named.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    named.writeBytes(new byte[] {1, 2});
    named.write(packed, 10, packed.length - 10);
    assertThat(unpacked(named.toByteArray())).isEqualTo(HELLO);
  }

  @Test
  void whatUnpacksToFarMoreThanItselfIsRefusedUnlessItIsSmall() throws IOException, RequestRefused {
    assertThat(code(gzip(new byte[7 << 20]))).isEqualTo("ESC110");
    assertThat(unpacked(gzip(new byte[1 << 20]))).hasSize(1 << 20);
    assertThat(code(gzip(new byte[9 << 20]))).isEqualTo("ESC110");
  }

  @Test
  void whatIsNotWholeOrNotIntactIsMalformed() throws IOException {
    byte[] packed = gzip(HELLO);
    for (int length = 0; length < packed.length; length++) {
      assertThat(code(Arrays.copyOf(packed, length))).as("%d bytes", length).isEqualTo("ESC112");
    }
    assertThat(code(Arrays.copyOf(packed, packed.length + 1))).isEqualTo("ESC112");
    byte[] otherSum = packed.clone();
    otherSum[packed.length - 8] ^= 1;
    assertThat(code(otherSum)).isEqualTo("ESC112");
    assertThatThrownBy(() -> Encoding.GZIP.unpackedLength(HELLO, MOST))
        .isInstanceOf(RequestRefused.class);
  }
}

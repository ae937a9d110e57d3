package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdTest {
  private static final int MOST = 8 << 20;
  private static final byte[] HELLO = "{\"hello\":\"world\"}".getBytes(StandardCharsets.UTF_8);

  private static byte[] zstd(byte[] body) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      return context.setChecksum(true).compress(body);
    }
  }

  /** A frame of which nothing is known but its window, with one block of octets as they are. */
  private static byte[] ofWindow(int log, byte[] body) {
    byte[] head = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((log - 10) << 3)};
    int block = body.length << 3 | 1;
    return joined(head, new byte[] {(byte) block, (byte) (block >> 8), 0}, body);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] times(int count, byte[] frame) {
    byte[][] frames = new byte[count][];
    Arrays.fill(frames, frame);
    return joined(frames);
  }

  private static byte[] unpacked(byte[] packed) throws RequestRefused {
    return Encoding.ZSTD.unpack(packed, Encoding.ZSTD.unpackedLength(packed, MOST));
  }

  private static String refusal(byte[] packed) {
    try {
      Encoding.ZSTD.unpackedLength(packed, MOST);
      return "none";
    } catch (RequestRefused refused) {
      return refused.problem().code() + " " + refused.problem().message();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 65_535, 65_536, 65_537, 65_792, 3_000_000})
  void whatWasPackedComesOut(int length) throws RequestRefused {
    byte[] body = new byte[length];
    new Random(length).nextBytes(body);
    assertThat(unpacked(zstd(body))).isEqualTo(body);
  }

  @Test
  void framesFollowEachOtherAndOthersAreSteppedOver() throws RequestRefused {
    byte[] foreign = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
    byte[] several = joined(zstd(HELLO), foreign, zstd(new byte[0]), zstd(HELLO), foreign);
    assertThat(unpacked(several)).isEqualTo(joined(HELLO, HELLO));
  }

  @Test
  void tooManyFramesAreRefused() throws RequestRefused {
    byte[] empty = zstd(new byte[0]);
    assertThat(unpacked(joined(times(Unpacker.MOST_PARTS - 1, empty), zstd(HELLO))))
        .isEqualTo(HELLO);
    assertThat(refusal(times(Unpacker.MOST_PARTS + 1, empty)))
        .startsWith("ESC110")
        .contains("zstd");
  }

  @Test
  void whatUnpacksToFarMoreThanItselfIsRefusedUnlessItIsSmall() throws RequestRefused {
    assertThat(refusal(zstd(new byte[7 << 20]))).startsWith("ESC110").contains("200 times");
    assertThat(unpacked(zstd(new byte[1 << 20]))).hasSize(1 << 20);
    assertThat(refusal(zstd(new byte[9 << 20]))).startsWith("ESC110");
    byte[] noise = new byte[9 << 20];
    new Random(1).nextBytes(noise);
    assertThat(refusal(zstd(noise))).startsWith("ESC110").contains("8,388,608");
  }

  @Test
  void aWindowThatHttpDoesNotHaveIsRefused() throws RequestRefused {
    assertThat(unpacked(ofWindow(23, HELLO))).isEqualTo(HELLO);
    assertThat(refusal(ofWindow(24, HELLO))).startsWith("ESC112").contains("8,388,608");
    byte[] single = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, 1, 0, 0, 0, 0, 0, 0, 0x40};
    assertThat(refusal(joined(single, new byte[] {1, 0, 0}))).contains("8,388,608");
  }

  @Test
  void whatIsNotWholeOrNotIntactIsMalformed() {
    byte[] packed = zstd(HELLO);
    for (int length = 0; length < packed.length; length++) {
      assertThat(refusal(Arrays.copyOf(packed, length)))
          .as("%d bytes", length)
          .isEqualTo("ESC112 The body is not well-formed zstd, or is not complete");
    }
    assertThat(refusal(Arrays.copyOf(packed, packed.length + 1))).startsWith("ESC112");
    byte[] otherSum = packed.clone();
    otherSum[packed.length - 1] ^= 1;
    assertThat(refusal(otherSum)).startsWith("ESC112");
    assertThat(refusal(HELLO)).startsWith("ESC112");
    byte[] beyondALong = {
      0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, 0, 0, 0, 0, 0, 0, 0, -1
    };
    assertThat(refusal(joined(beyondALong, new byte[] {1, 0, 0}))).startsWith("ESC112");
  }

  /** Old formats have other numbers, and the library still reads some. */
  @Test
  void framesOfOtherFormatsAreMalformed() {
    byte[] packed = zstd(HELLO);
    packed[0] = 0x27;
    assertThat(refusal(packed)).startsWith("ESC112");
  }

  @Test
  void changedOctetsNeverUnpackToMoreThanTheLimitsAndNeverFailOtherwise() {
    byte[] body = new byte[20_000];
    new Random(3).nextBytes(body);
    Arrays.fill(body, 5_000, 15_000, (byte) 'x');
    byte[] packed = zstd(body);
    Random random = new Random(4);
    for (int i = 0; i < 3_000; i++) {
      byte[] changed = packed.clone();
      changed[random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
      assertThat(refusal(changed)).matches("(none|ESC11[02] ).*");
    }
  }
}

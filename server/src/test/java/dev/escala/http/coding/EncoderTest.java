package dev.escala.http.coding;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.escala.http.coding.Encoder.Then;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderTest {
  private static InputStream unpacking(Coding coding, byte[] packed) throws IOException {
    InputStream in = new ByteArrayInputStream(packed);
    return switch (coding) {
      case GZIP -> new GZIPInputStream(in);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in);
    };
  }

  /** Half of it repeats itself, half does not. */
  private static byte[] octets(int length) {
    byte[] octets = new byte[length];
    new Random(length).nextBytes(octets);
    Arrays.fill(octets, length / 2, length, (byte) 'x');
    return octets;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPackedInPiecesComesOut(Coding coding) throws IOException {
    try (Encoder encoder = coding.encoder()) {
      for (int length : new int[] {0, 1, 8191, 8192, 65_536, 65_537, 131_072, 1_000_000}) {
        byte[] body = octets(length);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (Then then : new Then[] {Then.MORE, Then.LATER}) {
          packed.writeBytes(encoder.pack(body, then));
        }
        packed.writeBytes(encoder.pack(body, Then.END));
        byte[] expected = Arrays.copyOf(body, 3 * length);
        System.arraycopy(body, 0, expected, length, length);
        System.arraycopy(body, 0, expected, 2 * length, length);
        assertThat(unpacking(coding, packed.toByteArray()).readAllBytes()).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOutBeforeAPauseCanBeUnpacked(Coding coding) throws IOException {
    try (Encoder encoder = coding.encoder()) {
      byte[] body = octets(100_000);
      byte[] packed = encoder.pack(body, Then.LATER);
      assertThat(unpacking(coding, packed).readNBytes(body.length)).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatRepeatsItselfBecomesSmall(Coding coding) {
    try (Encoder encoder = coding.encoder()) {
      byte[] rows = "{\"id\":1,\"name\":\"one\"}\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
      assertThat(encoder.pack(rows, Then.END)).hasSizeLessThan(rows.length / 20);
    }
  }
}

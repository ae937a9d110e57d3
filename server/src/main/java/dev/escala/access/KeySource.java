package dev.escala.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where keys are that change. Blocks while it reads. */
record KeySource(URI address) {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MOST_BYTES = 1 << 20;

  /**
   * The public keys that are there now; a secret that is published is none.
   *
   * @throws IOException if they cannot be had
   */
  List<JWK> read() throws IOException {
    try {
      return KeyText.ofJson(text()).stream()
          .filter(key -> !(key instanceof OctetSequenceKey) || isFile())
          .toList();
    } catch (IllegalArgumentException malformed) {
      throw new IOException("it " + malformed.getMessage(), malformed);
    }
  }

  private boolean isFile() {
    return "file".equals(address.getScheme());
  }

  private String text() throws IOException {
    URLConnection connection = address.toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setUseCaches(false);
    try (InputStream body = connection.getInputStream()) {
      byte[] bytes = body.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("it is larger than 1 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}

package dev.escala.http.coding;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The library of Zstandard, which is code of the machine: loaded when it is first needed. From the
 * folder of the runtime, where the image has it, as there is no other to unpack it to; else from
 * its jar.
 */
public final class ZstdLibrary {
  private static final @Nullable String TROUBLE = load();

  private ZstdLibrary() {}

  /** Whether it could be loaded. */
  static boolean isThere() {
    return TROUBLE == null;
  }

  /** Why it cannot be had; asked when it was needed. */
  public static Optional<Throwable> trouble() {
    return Optional.ofNullable(TROUBLE).map(UnsatisfiedLinkError::new);
  }

  /**
   * What is packed in the stream, of somebody who is trusted.
   *
   * @throws IOException where the library cannot be loaded
   */
  public static InputStream unpacked(InputStream packed) throws IOException {
    if (TROUBLE != null) {
      throw new IOException("the library of zstd cannot be loaded: " + TROUBLE);
    }
    return new ZstdInputStream(packed);
  }

  /**
   * One frame that holds all of it, with its length.
   *
   * @throws IOException where the library cannot be loaded
   */
  public static byte[] packed(byte[] octets) throws IOException {
    if (TROUBLE != null) {
      throw new IOException("the library of zstd cannot be loaded: " + TROUBLE);
    }
    return Zstd.compress(octets);
  }

  private static @Nullable String load() {
    try {
      loadOfRuntime();
      Native.assumeLoaded();
      return null;
    } catch (UnsatisfiedLinkError notThere) {
      return loadOfJar();
    }
  }

  @SuppressWarnings("restricted") // the program is started with leave to load libraries
  private static void loadOfRuntime() {
    System.loadLibrary("zstd-jni-" + ZstdVersion.VERSION);
  }

  private static @Nullable String loadOfJar() {
    try {
      Native.load();
      return null;
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError unusable) {
      return unusable.toString();
    }
  }
}

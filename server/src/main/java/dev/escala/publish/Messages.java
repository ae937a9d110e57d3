package dev.escala.publish;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One way to find messages in a file. */
interface Messages {
  /** The next one as JSON; null behind the last. */
  @Nullable String next() throws IOException, FileRefused;
}

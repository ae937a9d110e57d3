package dev.escala.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the picture of the diagram after somebody changed it in draw.io: {@code java -cp
 * embedded/target/test-classes dev.escala.documents.Draw docs/architecture.drawio}.
 */
final class Draw {
  private Draw() {}

  /** Writes FILE.svg beside each FILE.drawio. */
  public static void main(String[] files) throws IOException {
    for (String file : files) {
      String svg = Picture.svg(Drawing.parse(Files.readString(Path.of(file))));
      Files.writeString(Path.of(file.replaceFirst("\\.drawio$", ".svg")), svg);
    }
  }
}

package dev.escala.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is. */
record Build(String version, String commit) {

  static Build current() {
    Properties properties = new Properties();
    try (InputStream resource = Build.class.getResourceAsStream("build.properties")) {
      properties.load(resource);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
    String commit = properties.getProperty("commit");
    return new Build(
        properties.getProperty("version"), commit.startsWith("$") ? "unknown" : commit);
  }

  @Override
  public String toString() {
    return version + " (" + commit + ")";
  }
}

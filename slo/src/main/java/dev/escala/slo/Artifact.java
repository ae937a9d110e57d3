package dev.escala.slo;

/**
 * A generated file.
 *
 * @param path relative to the folder of all artifacts, with slashes, such as {@code
 *     prometheus/rules/objectives.yml}
 */
public record Artifact(String path, String content) {
  public Artifact {
    if (path.startsWith("/") || path.contains("\\") || path.contains("..")) {
      throw new IllegalArgumentException("not a path below the folder of artifacts: " + path);
    }
    if (!content.endsWith("\n")) {
      throw new IllegalArgumentException(path + " does not end with a line");
    }
  }
}

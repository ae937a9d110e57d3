package dev.escala.publish;

/** A file that cannot be read as messages; its message is a sentence for people. */
public final class FileRefused extends Exception {
  private static final long serialVersionUID = 1L;

  FileRefused(String sentence) {
    super(sentence);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}

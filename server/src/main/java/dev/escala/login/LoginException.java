package dev.escala.login;

/** There is nothing to log in with. */
public final class LoginException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LoginException(String message, Throwable cause) {
    super(message, cause);
  }
}

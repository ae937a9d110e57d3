package dev.escala.login;

import dev.escala.config.DatabaseUrl;

/** How the login of a database URL is proven. */
public sealed interface DatabaseLogin permits DatabaseLogin.Password, IamLogin {

  /** What the URL says: {@code login=aws-iam}, else its password. */
  static DatabaseLogin of(DatabaseUrl url) {
    return url.parameters().getOrDefault("login", "password").equals("aws-iam")
        ? IamLogin.of(url)
        : new Password(url.password());
  }

  /**
   * Of a connection that is opened now. May ask AWS, so not for a thread that must not block.
   *
   * @throws LoginException if there are no credentials to sign with
   */
  String password();

  /** Always the same. */
  record Password(String password) implements DatabaseLogin {
    /** Without the password. */
    @Override
    public String toString() {
      return "Password";
    }
  }
}

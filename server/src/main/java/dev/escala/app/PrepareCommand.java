package dev.escala.app;

import dev.escala.config.DatabaseUrl;
import dev.escala.postgres.DatabaseLogins;
import dev.escala.postgres.DatabaseLogins.Login;
import dev.escala.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "prepare",
    description = {
      "Makes the logins that the configuration names for its databases, with the login of an"
          + " administrator in ESCALA_ADMIN_USER and ESCALA_ADMIN_PASSWORD, and sets the"
          + " passwords that its URLs have. May run again."
    },
    mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
  private static final String USER = "ESCALA_ADMIN_USER";
  private static final String PASSWORD = "ESCALA_ADMIN_PASSWORD";

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it the environment, as for serve.")
  private @Nullable Path config;

  PrepareCommand() {}

  @Override
  public Integer call() throws CommandFailed {
    Map<String, String> environment = System.getenv();
    Configuration configuration = ConfigurationSource.read(config, environment);
    for (Configuration.Database database : configuration.databases().values()) {
      prepare(database, environment);
    }
    return 0;
  }

  private void prepare(Configuration.Database database, Map<String, String> environment)
      throws CommandFailed {
    DatabaseUrl url = database.writes().url();
    DatabaseUrl read =
        database
            .reads()
            .readUrl()
            .filter(other -> !other.user().equals(url.user()))
            .orElseThrow(
                () ->
                    CommandFailed.configuration(
                        "The database %s has no read-url with a login of its own"
                            .formatted(url.database())));
    DatabaseUrl administrator = administrator(url, environment);
    try {
      DatabaseLogins.prepare(
          administrator, Login.of(url), Login.of(read), database.apiUrl().map(Login::of));
    } catch (StoreException refused) {
      throw CommandFailed.failed(refused.detail());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("%s: %s owns it, %s reads it".formatted(url.database(), url.user(), read.user()));
    if (url.user().equals(administrator.user())) {
      out.println("  %s is the administrator, and keeps its password".formatted(url.user()));
    } else {
      out.print(password(url));
    }
    out.print(password(read));
    database
        .apiUrl()
        .ifPresent(
            api -> {
              out.println("  %s answers requests, and owns nothing".formatted(api.user()));
              out.print(password(api));
            });
    out.flush();
  }

  /** Nothing where IAM stands in for a password. */
  private static String password(DatabaseUrl url) {
    if ("aws-iam".equals(url.parameters().get("login"))) {
      return "";
    }
    return Login.of(url).password().isEmpty()
        ? "  %s has no password in its URL: what it has was left as it is%n".formatted(url.user())
        : "  the password of %s is that of its URL%n".formatted(url.user());
  }

  /** The same database, by password. */
  private static DatabaseUrl administrator(DatabaseUrl url, Map<String, String> environment)
      throws CommandFailed {
    Map<String, String> parameters = new HashMap<>(url.parameters());
    parameters.remove("login");
    return new DatabaseUrl(
        url.servers(),
        url.database(),
        named(environment, USER),
        named(environment, PASSWORD),
        parameters);
  }

  private static String named(Map<String, String> environment, String variable)
      throws CommandFailed {
    return Optional.ofNullable(environment.get(variable))
        .orElseThrow(() -> CommandFailed.configuration("Set %s and %s".formatted(USER, PASSWORD)));
  }
}

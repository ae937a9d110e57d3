package dev.escala.app;

import dev.escala.access.ApiKey;
import dev.escala.access.ApiKeyStore;
import dev.escala.model.Action;
import dev.escala.model.Limits;
import dev.escala.model.Rights;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes the keys of callers; running servers follow at once. */
@Command(
    name = "keys",
    description = "Makes, lists and revokes the API keys of callers.",
    mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec;

  KeysCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "create, list or revoke?");
  }

  @Command(
      description = "Makes a key and prints it, once: only its hash is kept.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin ConfigurationOption config,
      @Option(names = "--name", required = true, description = "Whose it is, for people.")
          String name,
      @Option(
              names = "--may",
              split = ",",
              defaultValue = "read",
              description = "read, sql, publish, operate, admin. Default: ${DEFAULT-VALUE}")
          List<String> may,
      @Option(names = "--role", description = "The role of the database as which it reads.")
          @Nullable String role,
      @Option(names = "--database", split = ",", description = "These alone.")
          @Nullable List<String> databases,
      @Option(names = "--relation", split = ",", description = "These alone.")
          @Nullable List<String> relations,
      @Option(names = "--topic", split = ",", description = "These alone.")
          @Nullable List<String> topics,
      @Option(names = "--per-second", description = "Requests a second at each instance.")
          @Nullable Integer perSecond,
      @Option(names = "--max-rows", description = "Rows of one answer at most.")
          @Nullable Long maxRows,
      @Option(names = "--max-cost", description = "Estimated cost of SQL at most.")
          @Nullable Long maxCost,
      @Option(names = "--days", description = "For how long; without it until it is revoked.")
          @Nullable Integer days)
      throws CommandFailed, InterruptedException {
    Limits limits = new Limits(most("--max-rows", maxRows), most("--max-cost", maxCost));
    Rights rights =
        new Rights(actions(may), names(databases), names(relations), names(topics), limits);
    Instant expires = days == null ? null : Instant.now().plus(days, ChronoUnit.DAYS);
    String key =
        withStore(
            config,
            store -> store.create(new ApiKeyStore.Wanted(name, role, rights, perSecond, expires)));
    out().println(key);
    spec.commandLine()
        .getErr()
        .println("It is shown this once. Revoke it by its id, the part after esk_.");
    return 0;
  }

  @Command(description = "Lists the keys, without their secrets.", mixinStandardHelpOptions = true)
  int list(@Mixin ConfigurationOption config) throws CommandFailed, InterruptedException {
    Instant now = Instant.now();
    List<ApiKey> keys = withStore(config, ApiKeyStore::all);
    for (ApiKey key : keys) {
      out().println(line(key, now));
    }
    return 0;
  }

  @Command(
      description = "Revokes a key: it opens nothing any more, at any server.",
      mixinStandardHelpOptions = true)
  int revoke(
      @Mixin ConfigurationOption config,
      @Parameters(paramLabel = "ID", description = "As list shows it.") String id)
      throws CommandFailed, InterruptedException {
    if (!withStore(config, store -> store.revoke(id))) {
      throw CommandFailed.failed("There is no key %s that opens anything.".formatted(id));
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static String line(ApiKey key, Instant now) {
    List<String> words = new ArrayList<>();
    words.add(key.id());
    words.add(key.revokedAt() != null ? "revoked" : key.isGoodAt(now) ? "good" : "expired");
    words.add(key.name());
    words.add(
        "may "
            + String.join(
                ",", key.rights().may().stream().map(KeysCommand::word).sorted().toList()));
    limited(words, "databases", key.rights().databases());
    limited(words, "relations", key.rights().relations());
    limited(words, "topics", key.rights().topics());
    words.add(key.role() == null ? "as the login" : "as " + key.role());
    if (key.perSecond() != null) {
      words.add(key.perSecond() + "/s");
    }
    limited(words, "rows", key.rights().limits().maxRows());
    limited(words, "cost", key.rights().limits().maxCost());
    if (key.expiresAt() != null) {
      words.add("until " + key.expiresAt().truncatedTo(ChronoUnit.SECONDS));
    }
    return String.join("  ", words);
  }

  private static void limited(List<String> words, String what, Set<String> names) {
    if (!names.isEmpty()) {
      words.add(what + " " + String.join(",", names.stream().sorted().toList()));
    }
  }

  private static void limited(List<String> words, String what, long most) {
    if (most != Long.MAX_VALUE) {
      words.add(what + " <= " + most);
    }
  }

  private static String word(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }

  private long most(String option, @Nullable Long most) {
    if (most != null && most < 1) {
      throw new ParameterException(spec.commandLine(), option + " is at least 1, not " + most);
    }
    return most == null ? Long.MAX_VALUE : most;
  }

  private Set<Action> actions(List<String> words) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (String word : words) {
      try {
        actions.add(Action.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        throw new ParameterException(
            spec.commandLine(), "--may is of read, sql, publish, operate and admin, not " + word);
      }
    }
    return actions;
  }

  private static Set<String> names(@Nullable List<String> names) {
    return names == null ? Set.of() : Set.copyOf(names);
  }

  private static <T> T withStore(ConfigurationOption config, Function<ApiKeyStore, T> work)
      throws CommandFailed, InterruptedException {
    Configuration configuration = config.read();
    String name =
        configuration
            .keysDatabase()
            .orElseThrow(
                () ->
                    CommandFailed.configuration(
                        "The configuration has no auth.api-keys, so no server takes keys."));
    return ConfigurationOption.in(
        configuration, name, database -> work.apply(new ApiKeyStore(database)));
  }
}

package dev.escala.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the AWS provider comes from: a folder of plugins, or what the configuration of Terraform
 * says.
 *
 * @param folder for {@code -plugin-dir}; absent: the configuration names a mirror
 */
record Provider(Optional<Path> folder) {
  private static final Path THE_PROVIDER = Path.of("hashicorp", "aws");

  /** The first of: TF_PLUGIN_DIR, TF_CLI_CONFIG_FILE, the folders in which packages put plugins. */
  static Optional<Provider> find(Map<String, String> environment) {
    String named = environment.get("TF_PLUGIN_DIR");
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Provider::hasTheProvider).map(Provider::in);
    }
    String configuration = environment.get("TF_CLI_CONFIG_FILE");
    if (configuration != null && Files.isRegularFile(Path.of(configuration))) {
      return Optional.of(new Provider(Optional.empty()));
    }
    return usualFolders(environment).stream()
        .filter(Provider::hasTheProvider)
        .findFirst()
        .map(Provider::in);
  }

  private static Provider in(Path folder) {
    return new Provider(Optional.of(folder));
  }

  private static List<Path> usualFolders(Map<String, String> environment) {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of(environment.getOrDefault("HOME", "/root"), ".terraform.d", "plugins"));
    folders.add(Path.of("/usr/local/share/terraform/plugins"));
    folders.add(Path.of("/usr/share/terraform/plugins"));
    folders.addAll(children(Path.of("/opt")));
    return folders;
  }

  /** Whether it is laid out as a mirror: host, owner, provider. */
  private static boolean hasTheProvider(Path folder) {
    return children(folder).stream()
        .anyMatch(host -> Files.isDirectory(host.resolve(THE_PROVIDER)));
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

package dev.escala.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sources below infra/, as far as their form is looked at without Terraform. {@code terraform
 * fmt} puts the first and last line of a top-level block at the left margin, so that blocks can be
 * told apart by lines.
 */
final class Hcl {
  private static final Path INFRA = Path.of("..", "infra");
  private static final Pattern BLOCK =
      Pattern.compile(
          "^(variable|output|resource|data|module) \"([^\"]+)\"(?: \"([^\"]+)\")? \\{\\n(.*?)^}$",
          Pattern.MULTILINE | Pattern.DOTALL);

  /**
   * A block at the left margin.
   *
   * @param name of a variable or output; type and name of a resource, as in {@code aws_lb.this}
   */
  record Block(String kind, String name, String body) {
    boolean has(String attribute) {
      return Pattern.compile("^  " + attribute + "\\b", Pattern.MULTILINE).matcher(body).find();
    }

    /** What an {@code expect_failures} of a test calls it. */
    String address() {
      return switch (kind) {
        case "variable" -> "var." + name;
        case "data" -> "data." + name;
        case "output" -> "output." + name;
        default -> name;
      };
    }
  }

  private Hcl() {}

  /** Names of the modules. */
  static List<String> modules() {
    try (Stream<Path> folders = Files.list(INFRA.resolve("modules"))) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("variables.tf")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Every module and root. */
  static List<String> folders() {
    return Stream.concat(modules().stream().map(name -> "modules/" + name), roots().stream())
        .toList();
  }

  /** Those that bring tests along: every module, and roots that choose. */
  static List<String> tested() {
    return folders().stream()
        .filter(folder -> folder.startsWith("modules/") || exists(folder + "/tests"))
        .toList();
  }

  /** Folders below infra/ that are applied. */
  static List<String> roots() {
    try (Stream<Path> files = Files.walk(INFRA)) {
      return files
          .filter(file -> file.endsWith("versions.tf") && !file.toString().contains(".terraform"))
          .map(file -> INFRA.relativize(file.getParent()).toString())
          .filter(folder -> !folder.startsWith("modules"))
          .sorted()
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** All text of the files with this ending directly in a folder below infra/. */
  static String text(String folder, String ending) {
    try (Stream<Path> files = Files.list(INFRA.resolve(folder))) {
      StringBuilder text = new StringBuilder();
      for (Path file : files.filter(f -> f.toString().endsWith(ending)).sorted().toList()) {
        text.append(Files.readString(file)).append('\n');
      }
      return text.toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static boolean exists(String file) {
    return Files.exists(INFRA.resolve(file));
  }

  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String second = matcher.group(3);
      String name = second == null ? matcher.group(2) : matcher.group(2) + "." + second;
      blocks.add(new Block(matcher.group(1), name, matcher.group(4)));
    }
    return blocks;
  }
}

package dev.escala.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The instructions of a Dockerfile, each on one line. */
record Dockerfile(List<String> instructions) {
  private static final Path SHIPPED = Path.of("..", "Dockerfile");

  static Dockerfile shipped() throws IOException {
    return parse(Files.readString(SHIPPED));
  }

  static Dockerfile parse(String text) {
    String joined = text.replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n\\s*", "");
    return new Dockerfile(joined.lines().map(String::strip).filter(l -> !l.isEmpty()).toList());
  }

  /** What follows this instruction, wherever it stands. */
  List<String> all(String instruction) {
    return instructions.stream()
        .filter(line -> line.startsWith(instruction + " "))
        .map(line -> line.substring(instruction.length()).strip())
        .toList();
  }

  /** The command in the form of a JSON array, of the last such instruction. */
  List<String> command(String instruction) {
    String found = all(instruction).getLast();
    String array = found.substring(found.indexOf('['));
    return Arrays.asList(JsonMapper.shared().readValue(array, String[].class));
  }

  /** Sentences about what no image of ours may do. */
  List<String> violations() {
    List<String> violations = new ArrayList<>();
    all("FROM").stream()
        .filter(base -> !base.matches("\\S+:\\S+@sha256:[0-9a-f]{64}( AS \\w+)?"))
        .forEach(base -> violations.add("FROM without tag and digest: " + base));
    if (instructions.stream().anyMatch(line -> line.startsWith("ADD "))) {
      violations.add("ADD fetches and unpacks; COPY does not");
    }
    List<String> last = instructions.subList(lastStage(), instructions.size());
    if (last.stream().noneMatch(line -> line.matches("USER [1-9]\\d*:[1-9]\\d*"))) {
      violations.add("the last stage runs as no numbered user other than root");
    }
    if (last.stream().noneMatch(line -> line.startsWith("HEALTHCHECK "))) {
      violations.add("there is no HEALTHCHECK");
    }
    last.stream()
        .filter(line -> line.matches("(RUN|CMD [^\\[]|ENTRYPOINT [^\\[]).*"))
        .forEach(line -> violations.add("needs a shell in the image: " + line));
    instructions.stream()
        .filter(line -> line.matches("(?i)(ENV|ARG) .*(password|secret|token|key).*"))
        .forEach(line -> violations.add("a secret would stay in the image: " + line));
    return violations;
  }

  private int lastStage() {
    int last = 0;
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).startsWith("FROM ")) {
        last = i;
      }
    }
    return last;
  }
}

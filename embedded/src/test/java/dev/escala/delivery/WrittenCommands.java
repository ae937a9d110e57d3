package dev.escala.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The commands of a document: what stands in its blocks {@code sh}, in order.
 *
 * @param run those that an emulator can run; one may have several lines
 * @param notRun those that end with the sign ◆
 */
record WrittenCommands(List<String> run, List<String> notRun) {
  private static final Pattern BLOCK =
      Pattern.compile("^```sh\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String SIGN = " # ◆";

  static WrittenCommands of(String document) {
    List<String> run = new ArrayList<>();
    List<String> notRun = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    int loops = 0;
    for (MatchResult block : BLOCK.matcher(document).results().toList()) {
      for (String line : block.group(1).lines().toList()) {
        open.append(line).append('\n');
        loops += line.endsWith("; do") ? 1 : line.equals("done") ? -1 : 0;
        if (line.endsWith("\\") || loops > 0) {
          continue;
        }
        String command = open.toString().strip();
        open.setLength(0);
        if (command.endsWith(SIGN)) {
          notRun.add(command.substring(0, command.length() - SIGN.length()));
        } else {
          run.add(command);
        }
      }
    }
    return new WrittenCommands(run, notRun);
  }
}

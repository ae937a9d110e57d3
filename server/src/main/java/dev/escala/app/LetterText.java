package dev.escala.app;

import dev.escala.http.JsonText;
import dev.escala.ingest.Replayed;
import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.store.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Dead letters for people and programs. */
final class LetterText {
  private LetterText() {}

  /** The members of a letter in JSON. */
  static Map<String, @Nullable Object> members(DeadLetter letter) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", letter.id());
    members.put("topic", letter.topic());
    members.put("source", letter.source());
    members.put("message_id", letter.messageId());
    members.put("reason", letter.why().reason());
    members.put("column", letter.why().column());
    members.put("detail", letter.why().detail());
    members.put("sqlstate", letter.why().sqlState());
    members.put("status", letter.status().label());
    members.put("attempts", letter.attempts());
    members.put("bytes", letter.bytes());
    members.put("published_at", letter.publishedAt());
    members.put("first_seen", letter.firstSeen());
    members.put("last_seen", letter.lastSeen());
    members.put("resolved_at", letter.resolvedAt());
    return members;
  }

  /** With the message: its body as text, or in Base64 where it is none. */
  static Map<String, @Nullable Object> members(DeadLetter.Whole whole) {
    Map<String, @Nullable Object> members = members(whole.letter());
    members.put("attributes", new TreeMap<>(whole.message().origin().attributes()));
    Payload body = whole.message().payload();
    Optional<String> text = utf8(body);
    members.put(
        text.isPresent() ? "body" : "body_base64",
        text.orElseGet(() -> Base64.getEncoder().encodeToString(body.copy())));
    members.put("hint", LetterAdvice.of(whole.letter(), "it"));
    return members;
  }

  /** What became of a replay, or would become of it. */
  static Map<String, @Nullable Object> members(Replayed replayed) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("stored", replayed.stored());
    members.put("duplicates", replayed.duplicates());
    members.put("table_changes", replayed.changes());
    members.put("rejected", new TreeMap<>(replayed.rejected()));
    members.put("skipped", new TreeMap<>(replayed.skipped()));
    return members;
  }

  private static Optional<String> utf8(Payload body) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.copy())).toString());
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }

  /** A line for each. */
  static String table(List<DeadLetter> letters) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (DeadLetter letter : letters) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("id", letter.id());
      row.put("topic", LetterFilter.shown(letter.topic()));
      row.put("reason", LetterFilter.shown(letter.why().reason()));
      String column = letter.why().column();
      row.put("column", column == null ? null : LetterFilter.shown(column));
      row.put("status", letter.status().label());
      row.put("attempts", letter.attempts());
      row.put("bytes", letter.bytes());
      row.put("last seen", seconds(letter.lastSeen()));
      row.put("detail", LetterFilter.shown(letter.why().detail()));
      rows.add(row);
    }
    return TextTable.of(JsonMapper.shared().readTree(JsonText.of(rows)));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** All of one, to read; a terminal obeys nothing of it. */
  static String page(DeadLetter.Whole whole) {
    StringBuilder page = new StringBuilder();
    members(whole.letter())
        .forEach(
            (name, value) -> {
              if (value != null) {
                line(page, name.replace('_', ' '), value.toString());
              }
            });
    Message message = whole.message();
    new TreeMap<>(message.origin().attributes())
        .forEach((name, value) -> line(page, "attribute", name + " = " + value));
    line(page, "what to do", LetterAdvice.of(whole.letter(), "--id " + whole.letter().id()));
    return page.append('\n').append(harmless(message.payload().text())).append('\n').toString();
  }

  private static void line(StringBuilder page, String name, String value) {
    page.append("%-12s  %s%n".formatted(name, harmless(value)));
  }

  private static String harmless(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\ufffd");
  }

  /** What became of them, one line and one for each kind of those that are left. */
  static List<String> lines(Replayed replayed, boolean rehearsal) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d %s: %,d stored, %,d duplicates, %,d rejected"
            .formatted(
                replayed.all(),
                rehearsal ? "would be replayed" : "replayed",
                replayed.stored(),
                replayed.duplicates(),
                replayed.allRejected()));
    if (replayed.changes() > 0) {
      lines.add("  %,d after a change of their table".formatted(replayed.changes()));
    }
    new TreeMap<>(replayed.rejected())
        .forEach((reason, count) -> lines.add("  %,d %s".formatted(count, reason)));
    new TreeMap<>(replayed.skipped())
        .forEach((why, count) -> lines.add("  %,d left: %s".formatted(count, why)));
    return lines;
  }
}

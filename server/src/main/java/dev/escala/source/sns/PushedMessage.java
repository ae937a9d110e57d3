package dev.escala.source.sns;

import dev.escala.source.sns.PushRefused.Reason;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What SNS posts, as it stands in the body; nothing of it is true before its signature is checked.
 *
 * @param members the texts, by name
 * @param attributes the producer's; SNS does not sign them
 */
record PushedMessage(Kind kind, Map<String, String> members, Map<String, String> attributes) {
  private static final String MESSAGE = "Message";
  private static final String SUBJECT = "Subject";
  private static final List<String> SIGNATURE =
      List.of("SignatureVersion", "Signature", "SigningCertURL");

  /**
   * What is signed is lines in a row. A text with a line end of its own could be cut into others;
   * with only the message having some there is one way to read them.
   */
  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]+");

  /** What is signed of each kind, in that order. */
  private static final List<String> OF_NOTIFICATION =
      List.of(MESSAGE, "MessageId", SUBJECT, "Timestamp", "TopicArn", "Type");

  private static final List<String> OF_OTHERS =
      List.of(MESSAGE, "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

  /** The kinds, by their type. */
  enum Kind {
    NOTIFICATION("Notification"),
    SUBSCRIPTION("SubscriptionConfirmation"),
    UNSUBSCRIPTION("UnsubscribeConfirmation");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    static boolean isType(@Nullable String type) {
      return of(type).isPresent();
    }

    static Optional<Kind> of(@Nullable String type) {
      return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
    }
  }

  PushedMessage {
    members = Map.copyOf(members);
    attributes = Map.copyOf(attributes);
  }

  /** Of what was read, if all is there. */
  static PushedMessage of(Map<String, String> members, Map<String, String> attributes)
      throws PushRefused {
    Kind kind =
        Kind.of(members.get("Type"))
            .orElseThrow(() -> malformed("The Type of the body is none of SNS"));
    PushedMessage message = new PushedMessage(kind, members, attributes);
    for (String name : message.signed()) {
      message.requireOneLine(name);
    }
    for (String name : SIGNATURE) {
      message.requireOneLine(name);
    }
    var _ = message.timestamp();
    return message;
  }

  private List<String> signed() {
    return kind == Kind.NOTIFICATION ? OF_NOTIFICATION : OF_OTHERS;
  }

  private void requireOneLine(String name) throws PushRefused {
    String text = members.get(name);
    if (text == null && !name.equals(SUBJECT)) {
      throw malformed("The body has no text " + name);
    }
    if (text != null && !name.equals(MESSAGE) && !ONE_LINE.matcher(text).matches()) {
      throw malformed("The body has a text " + name + " that is not one line");
    }
  }

  private static PushRefused malformed(String sentence) {
    return new PushRefused(Reason.MALFORMED, sentence);
  }

  /** A text that is there. */
  String text(String name) {
    return members.getOrDefault(name, "");
  }

  /** When SNS took it. */
  Instant timestamp() throws PushRefused {
    try {
      return Instant.parse(text("Timestamp"));
    } catch (DateTimeParseException malformed) {
      throw malformed("The Timestamp of the body is no instant");
    }
  }

  /** What the signature is about: names and texts in lines, as they came. */
  String signedText() {
    StringBuilder lines = new StringBuilder(text(MESSAGE).length() + 512);
    for (String name : signed()) {
      if (members.containsKey(name)) {
        lines.append(name).append('\n').append(text(name)).append('\n');
      }
    }
    return lines.toString();
  }
}

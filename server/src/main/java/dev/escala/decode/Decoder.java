package dev.escala.decode;

import dev.escala.decode.schema.MessageSchema.Misfit;
import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamConstraintsException;

/** Turns messages of one topic into rows; pure, and never throws on bad input. */
public final class Decoder {
  /**
   * Columns that inference makes of one table at most, whatever is configured; a row of PostgreSQL
   * holds 1,600 columns at most, and fewer of wide ones.
   */
  public static final int MAX_COLUMNS = 500;

  /** That one message may bring, but no more than half of those that are left. */
  static final int MAX_NEW_COLUMNS = 200;

  private final TopicSettings settings;
  private volatile FieldPlans latest;

  /** Whether a table may still be changed for a message. */
  public enum Evolution {
    ALLOWED,
    /** The table was changed as far as it may be: what does not fit now is rejected. */
    FINISHED
  }

  public Decoder(TopicSettings settings) {
    this.settings = settings;
    this.latest = new FieldPlans(settings, new TableColumns(false, false, List.of(), Set.of()));
  }

  /** Whose messages these are. */
  public String topic() {
    return settings.topic();
  }

  /** A row for exactly these columns, a rejection, or what the table lacks. */
  public Decoded decode(Message message, TableColumns columns, Evolution evolution) {
    Rejection unreadable = message.unreadable();
    if (unreadable != null && !isTombstone(unreadable)) {
      return new Decoded.Rejected(unreadable);
    }
    try {
      if (unreadable != null) {
        return new Decoded.Fits(Tombstone.deletion(message, settings, columns));
      }
      byte[] json = checked(message.payload());
      requireSchema(json);
      try (JsonParser parser = MessageJson.parser(json)) {
        return new MessageReading(plans(columns), evolution).read(message, parser, json);
      }
    } catch (Refusal refusal) {
      return new Decoded.Rejected(refusal.rejection());
    } catch (StreamConstraintsException limit) {
      return new Decoded.Rejected(ofLimit(String.valueOf(limit.getOriginalMessage())));
    } catch (JacksonException malformed) {
      return new Decoded.Rejected(ofSyntax(malformed));
    }
  }

  /** Made anew when the columns were read anew: to compare them would cost more, a message. */
  @SuppressWarnings("ReferenceEquality")
  private FieldPlans plans(TableColumns columns) {
    FieldPlans known = latest;
    if (known.columns() != columns) {
      known = new FieldPlans(settings, columns);
      latest = known;
    }
    return known;
  }

  /** Only where versions take the place of each other does one take a row away. */
  private boolean isTombstone(Rejection unreadable) {
    return settings.dedup().versions() && unreadable.reason() == ReasonCode.PAYLOAD_MISSING;
  }

  private static byte[] checked(Payload payload) {
    if (payload.length() > MessageJson.MAX_BYTES) {
      throw Refusal.of(
          ReasonCode.PAYLOAD_TOO_LARGE,
          "a message has at most " + MessageJson.MAX_BYTES + " bytes");
    }
    byte[] bytes = payload.copy();
    boolean ascii = true;
    for (byte b : bytes) {
      ascii &= b > 0;
    }
    if (!ascii) {
      requireUtf8(bytes);
    }
    return bytes;
  }

  /** Before anything is made of it: a message that does not fit never shapes the table. */
  private void requireSchema(byte[] json) {
    if (settings.schema().isEmpty()) {
      return;
    }
    try (JsonParser parser = MessageJson.parser(json)) {
      Optional<Misfit> misfit = settings.schema().get().misfit(parser, json.length);
      if (misfit.isPresent()) {
        String field = misfit.get().field();
        String detail = misfit.get().detail();
        throw field == null
            ? Refusal.of(ReasonCode.SCHEMA_VIOLATION, detail)
            : Refusal.of(ReasonCode.SCHEMA_VIOLATION, field, detail);
      }
    }
  }

  /** The parser would guess other encodings from zero bytes, and lets surrogates pass. */
  private static void requireUtf8(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        throw Refusal.of(ReasonCode.JSON_MALFORMED, "contains a zero byte; JSON is UTF-8 text");
      }
    }
    if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB) {
      throw Refusal.of(ReasonCode.JSON_MALFORMED, "begins with a byte order mark; send it without");
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException malformed) {
      throw Refusal.of(ReasonCode.JSON_MALFORMED, "is not valid UTF-8");
    }
  }

  private static Rejection ofLimit(String message) {
    if (message.contains("nesting depth")) {
      return Rejection.of(
          ReasonCode.JSON_DEPTH, "nests deeper than " + MessageJson.MAX_DEPTH + " levels");
    }
    if (message.contains("Number")) {
      return Rejection.of(
          ReasonCode.NUMBER_PRECISION,
          "a number has at most " + MessageJson.MAX_NUMBER_LENGTH + " characters");
    }
    return Rejection.of(ReasonCode.PAYLOAD_TOO_LARGE, "a name or text is too long");
  }

  private static Rejection ofSyntax(JacksonException malformed) {
    String message = String.valueOf(malformed.getOriginalMessage());
    if (message.startsWith("Duplicate")) {
      return NamesOfObjects.twice().rejection();
    }
    long at = malformed.getLocation() == null ? 0 : malformed.getLocation().getByteOffset();
    return Rejection.of(ReasonCode.JSON_MALFORMED, "is not valid JSON, at byte " + Math.max(0, at));
  }
}

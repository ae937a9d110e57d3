package dev.escala.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/** {@code 12:00:01 WARN message}: the message says it all, fields are for programs. */
final class ConsoleLogEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(128);
    line.append(TIME.format(event.getInstant()))
        .append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(printable(event.getFormattedMessage()))
        .append(leftOut(event))
        .append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String leftOut(ILoggingEvent event) {
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        if (pair.key.equals(FloodFilter.LEFT_OUT)) {
          return " (and %s more like this, left out)".formatted(pair.value);
        }
      }
    }
    return "";
  }

  /** Control characters in what clients send must not move the cursor of who reads the log. */
  private static String printable(String message) {
    return message.replaceAll("\\p{Cntrl}", "\uFFFD");
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}

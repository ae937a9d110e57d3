package dev.escala.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Sets up the log: one line an event, for people on a terminal, JSON for programs. */
public final class Logging {
  /** Libraries that say at level INFO what nobody asked for. */
  private static final Map<String, Level> LIBRARIES =
      Map.ofEntries(
          Map.entry("io.netty", Level.WARN),
          Map.entry("io.vertx", Level.WARN),
          Map.entry("org.flywaydb", Level.WARN),
          Map.entry("org.postgresql", Level.WARN),
          // It tells what clients sent; whoever answers them tells what is wrong.
          Map.entry("io.modelcontextprotocol", Level.ERROR),
          Map.entry("reactor", Level.WARN),
          // Whoever asked for a connection tells why there is none.
          Map.entry("com.zaxxer.hikari", Level.ERROR),
          Map.entry("software.amazon.awssdk", Level.WARN),
          Map.entry("org.apache.hc", Level.WARN),
          // It repeats each second what its source tells once.
          Map.entry("org.apache.kafka", Level.ERROR),
          Map.entry("org.apache.pekko", Level.WARN),
          Map.entry("org.elasticmq", Level.WARN),
          Map.entry("io.zonky", Level.WARN));

  private Logging() {}

  /** Replaces whatever was set up before; the stream stays open. */
  public static void configure(LogSettings settings, OutputStream output) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    EncoderBase<ILoggingEvent> encoder =
        json(settings.format()) ? new JsonLogEncoder() : new ConsoleLogEncoder();
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(new LeftOpen(output));
    FloodFilter flood = new FloodFilter();
    flood.start();
    appender.addFilter(flood);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(settings.level().name()));
    root.addAppender(appender);
    LIBRARIES.forEach((name, level) -> context.getLogger(name).setLevel(level));
  }

  /** An appender that ends closes its stream, and others write to this one, too. */
  private static final class LeftOpen extends FilterOutputStream {
    LeftOpen(OutputStream output) {
      super(output);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  @SuppressWarnings("SystemConsoleNull") // null again since JDK 25 where there is no terminal
  private static boolean json(LogSettings.Format format) {
    return switch (format) {
      case JSON -> true;
      case CONSOLE -> false;
      case AUTO -> System.console() == null || !System.console().isTerminal();
    };
  }
}

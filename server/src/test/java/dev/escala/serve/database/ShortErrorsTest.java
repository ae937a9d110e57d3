package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ShortErrorsTest {

  /** A message of the protocol: a letter, and a body of so many octets. */
  record Message(char type, int length) {
    ByteBuf octets() {
      ByteBuf octets = Unpooled.buffer();
      octets.writeByte(type).writeInt(4 + length);
      return octets.writeBytes("x".repeat(length).getBytes(StandardCharsets.US_ASCII));
    }

    boolean isLongError() {
      return (type == 'E' || type == 'N') && length + 4 > ShortErrors.MOST;
    }

    /** What is handed on of it. */
    ByteBuf shortened() {
      if (!isLongError()) {
        return octets();
      }
      int kept = Math.min(length, ShortErrors.MOST);
      ByteBuf octets = Unpooled.buffer();
      octets.writeByte(type).writeInt(4 + kept + 2);
      octets.writeBytes(octets().slice(5, kept));
      return octets.writeShort(0);
    }
  }

  @Property(tries = 300)
  void longErrorsAreCutAndAllElseIsPassedOnHoweverItArrives(
      @ForAll("messages") List<Message> messages,
      @ForAll @IntRange(min = 1, max = 40_000) int part) {
    EmbeddedChannel channel = new EmbeddedChannel(new ShortErrors());
    ByteBuf sent = joined(messages.stream().map(Message::octets).toList());
    while (sent.isReadable()) {
      channel.writeInbound(sent.readRetainedSlice(Math.min(part, sent.readableBytes())));
    }

    ByteBuf arrived = Unpooled.buffer();
    for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
      arrived.writeBytes(next);
      next.release();
    }
    assertThat(arrived).isEqualTo(joined(messages.stream().map(Message::shortened).toList()));
  }

  private static ByteBuf joined(List<ByteBuf> buffers) {
    ByteBuf joined = Unpooled.buffer();
    buffers.forEach(joined::writeBytes);
    return joined;
  }

  @Provide
  Arbitrary<List<Message>> messages() {
    Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(ShortErrors.MOST - 6, ShortErrors.MOST + 6),
            Arbitraries.of(70_000));
    return Combinators.combine(Arbitraries.of('E', 'N', 'D', 'Z', '1'), lengths)
        .as(Message::new)
        .list()
        .ofMaxSize(8);
  }
}

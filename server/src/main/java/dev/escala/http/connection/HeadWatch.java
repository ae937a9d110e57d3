package dev.escala.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/**
 * Counts the bytes of a request whose head is not whole yet, which a decoder keeps: of HTTP/1.1 by
 * what the decoder made of them, of HTTP/2 by the frames of its header blocks.
 */
final class HeadWatch {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final HeaderBlocks blocks = new HeaderBlocks();
  private int unfinished;

  /** How much of HTTP/2's first words has come, at the place where a request begins. */
  private int preface;

  private boolean http2;
  private boolean inRequest;

  /** What the decoder made of the last bytes. */
  private boolean sawHead;

  private boolean sawBody;
  private boolean sawEnd;

  /** The last three octets, also of reads before. */
  private int tail;

  private int arrived;

  /** Bytes, before the decoder gets them. */
  void arrived(ByteBuf bytes) {
    int from = bytes.readerIndex();
    arrived = bytes.readableBytes();
    sawHead = false;
    sawBody = false;
    sawEnd = false;
    for (int at = Math.max(from, bytes.writerIndex() - 3); at < bytes.writerIndex(); at++) {
      tail = (tail << Byte.SIZE | bytes.getUnsignedByte(at)) & 0xFFFFFF;
    }
    if (!http2 && !inRequest && unfinished == preface) {
      from += matchPreface(bytes);
    }
    if (http2) {
      blocks.read(bytes, from);
    } else if (!inRequest) {
      unfinished += arrived;
    }
  }

  /** Returns how many bytes belong to the preface; the frames stand behind them. */
  private int matchPreface(ByteBuf bytes) {
    int matched = 0;
    int most = Math.min(arrived, PREFACE.length - preface);
    while (matched < most
        && bytes.getByte(bytes.readerIndex() + matched) == PREFACE[preface + matched]) {
      matched++;
    }
    preface = matched == most ? preface + matched : 0;
    http2 = preface == PREFACE.length;
    return http2 ? matched : 0;
  }

  private boolean endsWithEmptyLine() {
    boolean crLf = tail == ('\n' << 16 | '\r' << Byte.SIZE | '\n');
    boolean lf = (tail & 0xFFFF) == ('\n' << Byte.SIZE | '\n');
    return crLf || lf;
  }

  /** Learns what the decoder of HTTP/1.1, behind which it stands, made of the bytes. */
  ChannelHandler requestEnds() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        decoded(message);
        super.channelRead(context, message);
      }
    };
  }

  private void decoded(Object message) {
    if (message instanceof HttpRequest) {
      sawHead = true;
      inRequest = true;
    }
    if (message instanceof HttpContent content && content.content().isReadable()) {
      sawBody = true;
    }
    if (message instanceof LastHttpContent) {
      sawEnd = true;
      inRequest = false;
    }
  }

  /** How many bytes of a head wait for its end, after the decoder got all that arrived. */
  int unfinished() {
    if (http2) {
      return blocks.unfinished();
    }
    if (preface > 0) {
      return unfinished; // it is all that came, and has an empty line in its middle
    }
    if (inRequest || endsWithEmptyLine() || sawBody) {
      // What follows a body in the same read is not told from it; a read is short.
      unfinished = 0;
    } else if (sawHead && sawEnd) {
      // Behind a request without a body more has come: no more than what arrived with it.
      unfinished = arrived;
    } else if (sawEnd) {
      unfinished = 0;
    }
    return unfinished;
  }
}

package dev.escala.serve.database;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;

/**
 * Cuts the errors and notices of PostgreSQL short before they are gathered. They repeat the value
 * that they are about, which may have a gigabyte, and the decoder holds a message whole.
 */
final class ShortErrors extends ChannelInboundHandlerAdapter {
  static final int MOST = 16 << 10;

  /** The type of a message, and its length, which counts itself but not the type. */
  private static final int HEAD = 5;

  private static final int LENGTH = 4;

  private ByteBuf begun = Unpooled.EMPTY_BUFFER;
  private ByteBuf kept = Unpooled.EMPTY_BUFFER;
  private boolean cutting;
  private byte type;
  private int left;

  /** From now on, on a connection that is open. */
  static void on(SqlConnection connection) {
    SocketConnectionBase socket =
        (SocketConnectionBase) ((SqlConnectionInternal) connection).unwrap().unwrap();
    socket
        .socket()
        .channelHandlerContext()
        .pipeline()
        .addBefore("codec", "short errors", new ShortErrors());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    ByteBuf in =
        begun.isReadable() ? Unpooled.wrappedBuffer(begun, (ByteBuf) read) : (ByteBuf) read;
    begun = Unpooled.EMPTY_BUFFER;
    try {
      while (in.isReadable()) {
        if (cutting) {
          cut(context, in);
        } else {
          pass(context, in);
        }
      }
    } finally {
      in.release();
    }
  }

  /** Up to an error that is too long, or to a head of which some octets are still to come. */
  private void pass(ChannelHandlerContext context, ByteBuf in) {
    int start = in.readerIndex();
    int end = endOfPassed(in);
    if (end > start) {
      context.fireChannelRead(in.readRetainedSlice(end - start));
    }
    if (cutting) {
      type = in.readByte();
      left = in.readInt() - LENGTH;
      kept = Unpooled.buffer(MOST);
    } else if (in.isReadable()) {
      begun = Unpooled.copiedBuffer(in);
      in.skipBytes(in.readableBytes());
    }
  }

  private int endOfPassed(ByteBuf in) {
    int end = in.readerIndex();
    while (end < in.writerIndex()) {
      int here = Math.min(left, in.writerIndex() - end);
      left -= here;
      end += here;
      if (left > 0 || in.writerIndex() - end < HEAD) {
        return end;
      }
      cutting = isTooLong(in.getByte(end), in.getInt(end + 1));
      if (cutting) {
        return end;
      }
      left = in.getInt(end + 1) - LENGTH;
      end += HEAD;
    }
    return end;
  }

  private static boolean isTooLong(byte type, int length) {
    return (type == 'E' || type == 'N') && length > MOST;
  }

  /** The first fields, the last of them not whole; a NUL ends it, and another one the message. */
  private void cut(ChannelHandlerContext context, ByteBuf in) {
    int here = Math.min(left, in.readableBytes());
    int more = Math.min(here, MOST - kept.readableBytes());
    kept.writeBytes(in, more);
    in.skipBytes(here - more);
    left -= here;
    if (left == 0) {
      cutting = false;
      ByteBuf message = Unpooled.buffer(HEAD + MOST + 2);
      message.writeByte(type).writeInt(LENGTH + kept.readableBytes() + 2);
      context.fireChannelRead(message.writeBytes(kept).writeShort(0));
    }
  }
}

package dev.escala.http.connection;

import io.netty.buffer.ByteBuf;

/**
 * Walks over the frames of HTTP/2 (RFC 9113, section 4.1) and counts the bytes of a header block
 * whose last frame has not come.
 */
final class HeaderBlocks {
  private static final int FRAME_HEADER = 9;
  private static final int HEADERS = 0x1;
  private static final int CONTINUATION = 0x9;
  private static final int END_HEADERS = 0x4;
  private static final int TYPE_AT = 3;
  private static final int FLAGS_AT = 4;

  /** Of the frame that comes now: how many bytes of its header, its type and flags. */
  private int headerBytes;

  private int length;
  private int type;
  private int flags;
  private int payloadLeft;
  private boolean inBlock;
  private int unfinished;

  void read(ByteBuf bytes, int from) {
    int at = from;
    while (at < bytes.writerIndex()) {
      if (headerBytes < FRAME_HEADER) {
        frameHeader(bytes.getUnsignedByte(at));
        at++;
      }
      if (headerBytes == FRAME_HEADER) {
        at += payload(bytes.writerIndex() - at);
      }
    }
  }

  private void frameHeader(int octet) {
    if (headerBytes < TYPE_AT) {
      length = (headerBytes == 0 ? 0 : length << Byte.SIZE) | octet;
    } else if (headerBytes == TYPE_AT) {
      type = octet;
    } else if (headerBytes == FLAGS_AT) {
      flags = octet;
    }
    headerBytes++;
    if (headerBytes == FRAME_HEADER) {
      payloadLeft = length;
      inBlock |= type == HEADERS;
      unfinished += ofBlock() ? FRAME_HEADER : 0;
    }
  }

  private int payload(int available) {
    int taken = Math.min(available, payloadLeft);
    payloadLeft -= taken;
    unfinished += ofBlock() ? taken : 0;
    if (payloadLeft == 0) {
      headerBytes = 0;
      if (ofBlock() && (flags & END_HEADERS) != 0) {
        inBlock = false;
        unfinished = 0;
      }
    }
    return taken;
  }

  private boolean ofBlock() {
    return inBlock && (type == HEADERS || type == CONTINUATION);
  }

  int unfinished() {
    return unfinished;
  }
}

package dev.escala.serve.columnar;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.Bytes;
import io.vertx.sqlclient.Row;
import java.util.List;

/** Writes rows as a stream of Apache Arrow: its schema, then batches of rows. */
final class ArrowWriter implements AnswerWriter {
  /** As much as a cursor takes at once. */
  private static final int BATCH_OCTETS = 512 << 10;

  private static final int MOST_BATCH_ROWS = 1 << 16;

  /** Before each message, in place of a length in old versions of the format. */
  private static final int CONTINUATION = -1;

  private static final int ALIGNED = 8;

  private final List<Column> columns;
  private final Gathered gathered;
  private final Octets frame = new Octets();

  ArrowWriter(List<Column> columns) {
    this.columns = columns;
    gathered = new Gathered(columns);
  }

  @Override
  public void open(Bytes out) {
    message(out, ArrowMessages.schema(columns));
  }

  @Override
  public int row(Bytes out, Row row, boolean first) {
    if (gathered.size() >= BATCH_OCTETS || gathered.rows() == MOST_BATCH_ROWS) {
      batch(out);
    }
    return gathered.add(row);
  }

  @Override
  public void drop(Bytes out, int octets) {
    gathered.drop();
  }

  @Override
  public int held() {
    return gathered.size();
  }

  @Override
  public void close(Bytes out) {
    if (gathered.rows() > 0) {
      batch(out);
    }
    words(out, CONTINUATION, 0);
  }

  /** The beginning of a message that does not come: without it, readers take the end for one. */
  @Override
  public byte[] brokenOff(String error) {
    Bytes begun = new Bytes(ALIGNED);
    words(begun, CONTINUATION, 1 << 8);
    return begun.toBuffer().getBytes();
  }

  private void batch(Bytes out) {
    message(out, ArrowMessages.batch(gathered.rows(), gathered.vectors()));
    gathered.vectors().forEach(vector -> body(out, vector));
    gathered.clear();
  }

  private void body(Bytes out, Vector vector) {
    for (Octets buffer : vector.buffers()) {
      out.octets(buffer.array(), buffer.length());
      out.octets(new byte[ArrowMessages.padding(buffer.length())]);
    }
    Vector elements = vector.elements();
    if (elements != null) {
      body(out, elements);
    }
  }

  private void message(Bytes out, FlatBufferBuilder built) {
    byte[] metadata = built.sizedByteArray();
    int padding = ArrowMessages.padding(metadata.length);
    words(out, CONTINUATION, metadata.length + padding);
    out.octets(metadata);
    out.octets(new byte[padding]);
  }

  private void words(Bytes out, int first, int second) {
    frame.truncate(0);
    frame.fourOctets(first);
    frame.fourOctets(second);
    out.octets(frame.array(), frame.length());
  }
}
